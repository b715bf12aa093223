import Foundation
import Testing

/// `engine.concurrency: auto` beside engines of a known number of places.
@Suite(.serialized) struct AutomaticConcurrencyTests {
    private static let script = """
        import sys, h5py
        with h5py.File(sys.argv[1]) as f:
            print(*f["ranks/in_flight_count"][()])
        """

    /// Attempts in flight at the end of each round.
    private func counts(placeCount: Int, sampleCount: Int) throws -> [Int] {
        let scratch = try Program.scratchFolder()
        let outcome = try ScriptedEvaluation.run(
            scratch,
            behaviour: """
                {"reply":"\\\\boxed{18}","latency":{"firstTokenSeconds":0.5,\
                "streamTokensPerSecond":20,"totalTokensPerSecond":0,"placeCount":\(placeCount)}}
                """,
            rankCount: 0,
            settings: ["engine.concurrency=auto", "run.samples=\(sampleCount)"]
        )
        #expect(outcome.status == 0, "\(outcome.end)")
        let dump = try Program.python(Self.script, [scratch.path + "/run/traces.h5"]).output
        return dump.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    }

    /// It begins with 16, of which ten wait.
    @Test func attemptsInFlightFallWhileRequestsWait() throws {
        let counts = try counts(placeCount: 6, sampleCount: 2)
        let most = try #require(counts.prefix(3).max())
        let later = counts.dropFirst(counts.count / 2).sorted()
        let median = try #require(later.dropFirst(later.count / 2).first)
        #expect(most > 12 && median < most, "\(counts)")
    }

    @Test func attemptsInFlightGrowToWhatTheEngineHolds() throws {
        let counts = try counts(placeCount: 40, sampleCount: 16)
        let most = try #require(counts.max())
        // It begins with 16; beyond 40 requests wait, and each look that finds some takes a fifth.
        #expect(most >= 32 && most <= 64, "\(counts)")
    }
}
