import Foundation
import Testing

/// `engine.concurrency: auto` beside an engine that has forty places.
@Suite(.serialized) struct AutomaticConcurrencyTests {
    private static let script = """
        import sys, h5py
        with h5py.File(sys.argv[1]) as f:
            print(*f["ranks/in_flight_count"][()])
        """

    @Test func attemptsInFlightGrowToWhatTheEngineHolds() throws {
        let scratch = try Program.scratchFolder()
        let outcome = try ScriptedEvaluation.run(
            scratch,
            behaviour: """
                {"reply":"\\\\boxed{18}","latency":{"firstTokenSeconds":0.5,\
                "streamTokensPerSecond":20,"totalTokensPerSecond":0,"placeCount":40}}
                """,
            rankCount: 0,
            settings: ["engine.concurrency=auto", "run.samples=16"]
        )
        #expect(outcome.status == 0, "\(outcome.end)")
        let dump = try Program.python(Self.script, [scratch.path + "/run/traces.h5"]).output
        let counts = dump.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        let most = try #require(counts.max())
        // It begins with 16; beyond 40 requests wait, and each look that finds some takes a fifth.
        #expect(most >= 32 && most <= 64, "\(counts)")
    }
}
