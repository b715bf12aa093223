import Testing

@testable import Orchestration

@Suite struct GPUBindingTests {
    @Test func withoutGPUsTheEngineRunsOnTheCPU() throws {
        #expect(try bind([nil, nil], installed: 0) == [.cpu, .cpu])
        #expect(try bind(["", ""], installed: 8) == [.cpu, .cpu])
    }

    @Test func workersShareAListByLocalIndex() throws {
        #expect(try bind(["4,5", "4,5"]) == [.devices(["4"]), .devices(["5"])])
        #expect(try bind([nil, nil], installed: 2) == [.devices(["0"]), .devices(["1"])])
    }

    @Test func aTensorParallelGroupTakesConsecutiveGPUs() throws {
        let list = "0,1,2,3"
        #expect(
            try bind([list, list], tensorParallel: 2)
                == [.devices(["0", "1"]), .devices(["2", "3"])]
        )
    }

    @Test func aRankThatSlurmBoundKeepsItsGPU() throws {
        #expect(try bind(["0", "0"], slurm: true) == [.inherited, .inherited])
        #expect(try bind(["0", "1"]) == [.inherited, .inherited])
        #expect(try bind(["GPU-8f3a"]) == [.inherited])
    }

    @Test func fewerGPUsThanWorkersIsRefused() {
        #expect(throws: GPUBinding.TooFewGPUs.self) { try bind(["0", "0"]) }
        #expect(throws: GPUBinding.TooFewGPUs.self) { try bind([nil, nil, nil], installed: 2) }
        #expect(throws: GPUBinding.TooFewGPUs.self) { try bind(["0"], tensorParallel: 2) }
    }

    private func bind(
        _ visible: [String?],
        installed: Int = 0,
        tensorParallel: Int = 1,
        slurm: Bool = false
    ) throws -> [GPUBinding] {
        let view = GPUBinding.NodeView(
            node: "n1",
            visible: visible,
            installedCount: installed,
            isStartedBySlurm: slurm
        )
        return try visible.indices.map {
            try GPUBinding.choose(view, localIndex: $0, tensorParallel: tensorParallel)
        }
    }
}
