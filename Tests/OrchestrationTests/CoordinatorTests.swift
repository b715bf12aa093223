import RolloutModel
import Testing

@testable import Orchestration

@Suite struct CoordinatorTests {
    @Test(arguments: [1, 2, 3, 7, 64])
    func everyAttemptIsHandedOutOnceAndComesBackOnce(workerCount: Int) throws {
        var run = SimulatedRun(problemCount: 53, sampleCount: 4, workerCount: workerCount)
        try run.finish()
        #expect(run.coordinator.isComplete)
        #expect(run.handedOut.count == 53 * 4)
        #expect(Set(run.handedOut).count == 53 * 4)
    }

    @Test func moreWorkersThanAttemptsIsFine() throws {
        var run = SimulatedRun(problemCount: 2, sampleCount: 1, workerCount: 9)
        try run.finish()
        #expect(run.coordinator.isComplete)
    }

    @Test func doneAttemptsAreNotMadeAgain() throws {
        let done = [outcome(0, 1), outcome(2, 0)]
        var run = SimulatedRun(problemCount: 3, sampleCount: 2, workerCount: 2, done: done)
        try run.finish()
        #expect(Set(run.handedOut).isDisjoint(with: done.map(\.task)))
        #expect(run.handedOut.count == 4)
        #expect(run.coordinator.outcomes.count == 6)
    }

    @Test func outcomesBeyondTheRunAreLeftAside() {
        let coordinator = Coordinator(
            problemCount: 1,
            sampleCount: 1,
            done: [outcome(0, 3), outcome(9, 0)],
            workers: []
        )
        #expect(coordinator.outcomes.isEmpty)
    }

    @Test func whatWasNotBegunComesBackAndNothingGoesOutAnyMore() throws {
        var coordinator = Coordinator(
            problemCount: 4,
            sampleCount: 2,
            done: [],
            workers: [Rank(1), Rank(2)]
        )
        let tasks = Self.tasks(try coordinator.handle(.request(freeSlots: 8), from: Rank(1)))
        coordinator.isHolding = true
        let begun = tasks[0]
        let rest = Array(tasks.dropFirst())
        #expect(try coordinator.handle(.returned(rest), from: Rank(1)).isEmpty)
        #expect(coordinator.heldCount == 1)
        #expect(try coordinator.handle(.request(freeSlots: 8), from: Rank(2)).isEmpty)
        let late = outcome(begun.problem.value, begun.sample.value)
        _ = try coordinator.handle(.outcomes([late]), from: Rank(1))
        #expect(coordinator.heldCount == 0)
        #expect(!coordinator.isComplete && !coordinator.isStuck)
        #expect(throws: Coordinator.Violation.self) {
            try coordinator.handle(.returned(rest), from: Rank(1))
        }
    }

    @Test func problemsAreBegunInTheOrderGiven() throws {
        var coordinator = Coordinator(
            problemCount: 4,
            sampleCount: 1,
            done: [],
            workers: [Rank(1)],
            shardProblems: 1,
            order: [2, 0, 3, 1]
        )
        var begun: [Int] = []
        while !coordinator.isComplete {
            let tasks = Self.tasks(try coordinator.handle(.request(freeSlots: 1), from: Rank(1)))
            begun += tasks.map(\.problem.value)
            let outcomes = tasks.map { outcome($0.problem.value, $0.sample.value) }
            _ = try coordinator.handle(.outcomes(outcomes), from: Rank(1))
        }
        #expect(begun == [2, 0, 3, 1])
    }

    @Test func whatALostWorkerHeldGoesToAnother() throws {
        var coordinator = Coordinator(
            problemCount: 4,
            sampleCount: 2,
            done: [],
            workers: [Rank(1), Rank(2)]
        )
        let first = try coordinator.handle(.request(freeSlots: 8), from: Rank(1))
        let tasks = Self.tasks(first)
        #expect(!tasks.isEmpty)
        var second = Self.tasks(
            try coordinator.handle(.retired(unfinished: tasks), from: Rank(1))
        )
        #expect(second.isEmpty)
        while !coordinator.isComplete {
            second = Self.tasks(try coordinator.handle(.request(freeSlots: 8), from: Rank(2)))
            _ = try coordinator.handle(
                .outcomes(second.map { outcome($0.problem.value, $0.sample.value) }),
                from: Rank(2)
            )
        }
        #expect(coordinator.outcomes.count == 8)
    }

    @Test func aWaitingWorkerGetsWhatIsReturned() throws {
        var coordinator = Coordinator(
            problemCount: 1,
            sampleCount: 1,
            done: [],
            workers: [Rank(1), Rank(2)]
        )
        let tasks = Self.tasks(try coordinator.handle(.request(freeSlots: 1), from: Rank(1)))
        #expect(try coordinator.handle(.request(freeSlots: 1), from: Rank(2)).isEmpty)
        let moved = try coordinator.handle(.retired(unfinished: tasks), from: Rank(1))
        #expect(moved.map(\.worker) == [Rank(2)])
        #expect(Self.tasks(moved) == tasks)
    }

    @Test func withoutWorkersTheRunIsStuck() throws {
        var coordinator = Coordinator(problemCount: 1, sampleCount: 1, done: [], workers: [Rank(1)])
        _ = try coordinator.handle(.retired(unfinished: []), from: Rank(1))
        #expect(coordinator.isStuck)
    }

    @Test func whatARetiredWorkerStillHoldsMayEnd() throws {
        var coordinator = Coordinator(problemCount: 1, sampleCount: 2, done: [], workers: [Rank(1)])
        let grants = try coordinator.handle(.request(freeSlots: 1), from: Rank(1))
        #expect(Self.tasks(grants) == [outcome(0, 0).task])
        _ = try coordinator.handle(.retired(unfinished: []), from: Rank(1))
        #expect(!coordinator.isStuck)
        _ = try coordinator.handle(.outcomes([outcome(0, 0)]), from: Rank(1))
        #expect(coordinator.isStuck)
    }

    @Test func anAttemptThatWasNotHandedOutIsRefused() throws {
        var coordinator = Coordinator(problemCount: 1, sampleCount: 1, done: [], workers: [Rank(1)])
        #expect(throws: Coordinator.Violation.self) {
            try coordinator.handle(.outcomes([outcome(0, 0)]), from: Rank(1))
        }
        #expect(throws: Coordinator.Violation.unknownWorker(Rank(5))) {
            try coordinator.handle(.request(freeSlots: 1), from: Rank(5))
        }
    }

    @Test func samplesOfAProblemStayTogetherWhileThereIsPlenty() throws {
        var coordinator = Coordinator(
            problemCount: 1000,
            sampleCount: 16,
            done: [],
            workers: [Rank(1), Rank(2)]
        )
        for _ in 0..<20 {
            for grant in try coordinator.handle(.request(freeSlots: 1), from: Rank(1)) {
                guard case .work(let shards) = grant.message else { continue }
                #expect(shards.allSatisfy { $0.samples == 0..<16 })
            }
        }
    }

    @Test func aFixedShardSizeIsKept() throws {
        var coordinator = Coordinator(
            problemCount: 10,
            sampleCount: 4,
            done: [],
            workers: [Rank(1), Rank(2)],
            shardProblems: 3
        )
        let sizes = try (0..<4).map { _ in
            Self.tasks(try coordinator.handle(.request(freeSlots: 1), from: Rank(1))).count
        }
        #expect(sizes == [12, 12, 12, 4])
    }

    @Test func grantsShrinkTowardsTheEnd() throws {
        var coordinator = Coordinator(
            problemCount: 100,
            sampleCount: 4,
            done: [],
            workers: [Rank(1), Rank(2), Rank(3), Rank(4)]
        )
        var sizes: [Int] = []
        while let grant = try coordinator.handle(.request(freeSlots: 1000), from: Rank(1)).first {
            sizes.append(Self.tasks([grant]).count)
        }
        #expect(sizes == sizes.sorted(by: >))
        #expect(sizes.last == 1)
        #expect(sizes.reduce(0, +) == 400)
    }

    private func outcome(_ problem: Int, _ sample: Int) -> EpisodeOutcome {
        SimulatedRun.outcome(
            EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample))
        )
    }

    private static func tasks(_ outgoing: [Coordinator.Outgoing]) -> [EpisodeTask] {
        outgoing.flatMap { grant in
            switch grant.message {
            case .work(let shards): shards.flatMap(\.tasks)
            }
        }
    }
}

/// Workers of unequal speed against a coordinator, without MPI: worker r finishes r attempts a step.
private struct SimulatedRun {
    var coordinator: Coordinator
    var handedOut: [EpisodeTask] = []
    private var queues: [Rank: [EpisodeTask]] = [:]

    init(
        problemCount: Int,
        sampleCount: Int,
        workerCount: Int,
        done: [EpisodeOutcome] = []
    ) {
        let workers = (1...workerCount).map { Rank($0) }
        coordinator = Coordinator(
            problemCount: problemCount,
            sampleCount: sampleCount,
            done: done,
            workers: workers
        )
        for worker in workers { queues[worker] = [] }
    }

    mutating func finish() throws {
        for step in 0..<100_000 where !coordinator.isComplete {
            for worker in queues.keys.sorted() {
                let queue = queues[worker, default: []]
                if queue.isEmpty {
                    deliver(try coordinator.handle(.request(freeSlots: 3), from: worker))
                } else if step.isMultiple(of: 2) {
                    let finished = queue.prefix(worker.value)
                    queues[worker] = Array(queue.dropFirst(worker.value))
                    deliver(
                        try coordinator.handle(
                            .outcomes(finished.map(Self.outcome)),
                            from: worker
                        )
                    )
                }
            }
        }
    }

    private mutating func deliver(_ outgoing: [Coordinator.Outgoing]) {
        for grant in outgoing {
            guard case .work(let shards) = grant.message else { continue }
            let tasks = shards.flatMap(\.tasks)
            handedOut += tasks
            queues[grant.worker, default: []] += tasks
        }
    }

    static func outcome(_ task: EpisodeTask) -> EpisodeOutcome {
        EpisodeOutcome(
            task: task,
            status: .completed,
            finish: .answer,
            outcome: .right,
            voteKey: "right",
            outputTokenCount: 1,
            toolCallCount: 0
        )
    }
}
