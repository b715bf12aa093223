import Foundation
import Testing

/// A server that dies while attempts are being made, with scripted engines.
@Suite struct RestartedEngineTests {
    /// What comes of it when the server stays.
    private func quietRows() throws -> [String] {
        try ScriptedRun.quietRows(
            problemCount: 8,
            sampleCount: 3,
            firstTokenSeconds: 0.05,
            rankCount: 2
        )
    }

    /// Its server dies with six attempts in flight, of two to six turns each: most are in the middle.
    private func dyingRun() throws -> ScriptedRun {
        try ScriptedRun(
            problemCount: 8,
            sampleCount: 3,
            firstTokenSeconds: 0.05,
            firstServerCalls: 30
        )
    }

    @Test func attemptsGoOnFromTheirLastCompleteTurnAsIfTheServerHadNotDied() throws {
        let expected = try quietRows()
        let run = try dyingRun()
        let outcome = try run.start(rankCount: 2).finish()
        #expect(outcome.status == 0, "\(outcome.end)")
        #expect(try run.rows() == expected)
        let script = #"""
            import sys, h5py
            with h5py.File(sys.argv[1]) as f:
                e = f["episodes"]
                again = e["retry_count"][()] > 0
                print(sum(again), max(e["turn_count"][()][again]), max(f["ranks/restart_count"][()]))
            """#
        let facts = try Program.python(script, [run.directory + "/traces.h5"]).output
            .split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(facts.count == 3)
        #expect(facts[0] > 0 && facts[0] <= 6, "attempts that called again: \(facts)")
        #expect(facts[1] > 3, "none of them had more than a turn: \(facts)")
        #expect(facts[2] == 1, "restarts: \(facts)")
    }

    @Test func attemptsOfAnEngineThatIsLostGoOnInTheNextJob() throws {
        let expected = try quietRows()
        let run = try dyingRun()
        let failed = try run.start(rankCount: 2, ["engine.restarts=0"]).finish()
        #expect(failed.status != 0 && failed.errors.contains("no worker is left"), "\(failed.end)")
        let failedAt = Date.now.timeIntervalSince1970
        let told = try #require(
            failed.errors.firstMatch(of: /(\d+) of 24 episodes and (\d+) unfinished ones are kept/)
        )
        let (done, unfinished) = try (#require(Int(told.1)), #require(Int(told.2)))

        let rest = try run.start(rankCount: 2, ["engine.restarts=0"]).finish()
        #expect(rest.status == 0, "\(rest.end)")
        #expect(try run.rows() == expected)
        let script = """
            import sys, h5py
            with h5py.File(sys.argv[1]) as f:
                print(sum(f["episodes/started_at"][()] < float(sys.argv[2])))
            """
        let begun = try Program.python(script, [run.directory + "/traces.h5", "\(failedAt)"]).output
        #expect(Int(begun.trimmingCharacters(in: .newlines)) == done + unfinished)
        #expect(unfinished > 0)
    }
}
