import Testing

/// `engine.concurrency: auto` in a whole job, with a scripted engine of a known number of places.
@Suite(.serialized) struct ConcurrencyTests {
    /// Attempts under way at the end of each round, in their order.
    private func inFlight(placeCount: Int, sampleCount: Int) throws -> [Int] {
        let scratch = try Program.scratchFolder()
        let outcome = try ScriptedEvaluation.run(
            scratch,
            behaviour: """
                {"reply":"\\\\boxed{18}","latency":{"firstTokenSeconds":1,\
                "streamTokensPerSecond":1000,"totalTokensPerSecond":0,"placeCount":\(placeCount)}}
                """,
            rankCount: 2,
            settings: ["engine.concurrency=auto", "run.samples=\(sampleCount)"]
        )
        #expect(outcome.status == 0, "\(outcome.end)")
        let script = """
            import sys, h5py
            with h5py.File(sys.argv[1]) as f:
                r = f["ranks"]
                print(*r["in_flight_count"][()][r["rank"][()] == 1])
            """
        return try Program.python(script, [scratch.path + "/run/traces.h5"]).output
            .split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    }

    @Test func itGrowsWhileTheEngineHasPlaces() throws {
        let counts = try inFlight(placeCount: 256, sampleCount: 8)
        #expect(counts.max() ?? 0 > 30, "\(counts)")
    }

    @Test func itFallsWhileRequestsWait() throws {
        let counts = try inFlight(placeCount: 6, sampleCount: 2)
        let later = counts.dropFirst(6)
        #expect(counts.prefix(3).max() ?? 0 > 10, "\(counts)")
        #expect(later.count > 2 && later.max() ?? 99 < 10, "\(counts)")
    }
}
