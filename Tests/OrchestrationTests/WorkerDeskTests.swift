import Inference
import RolloutModel
import Rollouts
import Sandbox
import Testing

@testable import Orchestration

/// Attempts that end only when they are cut off.
private struct EndlessAttempts: AttemptMaker {
    let whereabouts = Whereabouts()

    func run(
        _ task: EpisodeTask,
        problem: Problem,
        policy: Policy,
        from record: Episode?
    ) async throws -> Episode {
        try await Task.sleep(for: .seconds(3600))
        preconditionFailure("no test takes an hour")
    }
}

@Suite(.timeLimit(.minutes(1))) struct WorkerDeskTests {
    @Test func workThatComesIsFollowedByTheNextRequestAtOnce() throws {
        let worker = try Worker(
            runner: EndlessAttempts(),
            problems: [Problem(id: "p", statement: "1?", answer: "1")],
            policy: Policy(adapterName: nil, temperature: 1),
            concurrency: 8
        )
        let desk = WorkerDesk(rank: .coordinator, worker: worker, engine: nil, policy: nil)
        desk.open()
        #expect(desk.collect().messages == [.request(freeSlots: 8)])
        #expect(desk.collect().messages == [])
        desk.receive(.work([Shard(problems: 0..<1, samples: 0..<6)])) { _ in nil }
        // No attempt ends, and yet the bell has rung.
        let start = ContinuousClock.now
        desk.bell.wait(atMost: .seconds(20))
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(desk.collect().messages == [.request(freeSlots: 2)])
        #expect(desk.close().records.isEmpty)
    }
}
