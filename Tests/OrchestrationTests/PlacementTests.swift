import Testing

@testable import Orchestration

@Suite struct PlacementTests {
    private func entry(
        _ node: String,
        clock: Double = 1_000,
        idle: Int = 0,
        isWorker: Bool = true
    ) -> Placement.Entry {
        Placement.Entry(node: node, clock: clock, idleGPUCount: idle, isWorker: isWorker)
    }

    private var lead: Placement.Entry { entry("n0", isWorker: false) }

    @Test func anOrdinaryJobGetsNoLine() {
        let placement = Placement(entries: [lead, entry("n0", clock: 1_001.5), entry("n1")])
        #expect(placement.notes(attemptCount: 100) == [])
    }

    @Test func nodesWithGPUsToSpareAreNamed() {
        let placement = Placement(entries: [lead, entry("n0"), entry("n1", idle: 4)])
        let notes = placement.notes(attemptCount: 100)
        #expect(notes.count == 1)
        #expect(notes[0].hasPrefix("node n1: 4 GPUs in sight of the workers are not used"))
    }

    @Test func manyNodesGetOneLine() {
        let entries = (0..<128).map { entry("n\($0)", idle: 7) }
        let notes = Placement(entries: entries).notes(attemptCount: 1_000)
        #expect(notes.count == 1)
        #expect(notes[0].hasPrefix("nodes n0, n1, n2, n3 and 124 more: 7 GPUs"))
    }

    @Test func aClockThatIsOffIsToldOncePerNode() {
        let placement = Placement(
            entries: [
                lead, entry("n1", clock: 1_037), entry("n2", clock: 995), entry("n2", clock: 995),
            ]
        )
        let notes = placement.notes(attemptCount: 100)
        #expect(notes.count == 2)
        #expect(notes[0].hasPrefix("node n1: its clock is 37 s ahead of that of rank 0 on n0"))
        #expect(notes[1].hasPrefix("node n2: its clock is 5 s behind"))
    }

    @Test func workersWithoutWorkAreCounted() {
        let placement = Placement(entries: [lead, entry("n0"), entry("n0"), entry("n0")])
        #expect(
            placement.notes(attemptCount: 1)
                == ["3 workers for 1 attempts: 2 of them will have nothing to do"]
        )
    }

    @Test(arguments: [
        (["0,1,2,3", "0,1,2,3"], 1, false, 2), (["0,1", "0,1"], 1, false, 0),
        (["0,1,2,3"], 2, false, 2), (["0", "1"], 1, false, 0), (["0", "0"], 1, true, 0),
        (["0,1,2,3,4,5,6,7"], 1, true, 7), (["", ""], 1, false, 0),
    ])
    func gpusThatNoWorkerTakesAreCounted(
        visible: [String],
        tensorParallel: Int,
        slurm: Bool,
        idle: Int
    ) {
        let view = GPUBinding.NodeView(
            node: "n",
            visible: visible,
            installedCount: 0,
            isStartedBySlurm: slurm
        )
        #expect(view.idleCount(tensorParallel: tensorParallel) == idle)
    }

    @Test func tasksOfAStepThatAreNoRanksOfOneJobAreRefused() {
        let step = ["SLURM_STEP_NUM_TASKS": "5", "SLURM_PROCID": "3"]
        func check(_ rankCount: Int, _ environment: [String: String], _ isBelow: Bool) throws {
            try BatchSystem.checkRanks(
                rankCount: rankCount,
                environment: environment,
                isBelowSlurm: isBelow
            )
        }
        #expect(throws: BatchSystem.LoneRanks(taskCount: 5)) { try check(1, step, true) }
        // Ranks of one job; variables without Slurm; mpirun within a step; one task only.
        #expect(throws: Never.self) { try check(5, step, true) }
        #expect(throws: Never.self) { try check(1, step, false) }
        let mpirun = step.merging(["OMPI_COMM_WORLD_SIZE": "1"]) { $1 }
        #expect(throws: Never.self) { try check(1, mpirun, true) }
        #expect(throws: Never.self) { try check(1, ["SLURM_STEP_NUM_TASKS": "1"], true) }
    }
}
