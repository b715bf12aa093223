import Foundation
import Testing

/// What becomes of a run whose job ends before it does.
@Suite(.serialized) struct EarlyEndTests {
    private func hasMade(_ count: Int, _ program: Program) throws -> Bool {
        try program.wait(upTo: 120) {
            try program.errorsSoFar().split(separator: "\n").contains { line in
                line.split(separator: "|").contains {
                    $0.hasPrefix(" episodes ")
                        && Int($0.dropFirst(10).prefix { $0.isNumber }) ?? 0 >= count
                }
            }
        }
    }

    /// A run whose engines start, and then draw a token in 1,000 s.
    private func hangingRun(stallSeconds: Int = 600) throws -> ScriptedRun {
        try ScriptedRun(
            problemCount: 4,
            sampleCount: 1,
            firstTokenSeconds: 0,
            tokensPerSecond: 0.001,
            settings: ["stall_seconds: \(stallSeconds)"]
        )
    }

    @Test func attemptsThatAreCutOffGoOnInTheNextJobAsIfNothingHadHappened() throws {
        let expected = try ScriptedRun.quietRows(
            problemCount: 16,
            sampleCount: 3,
            firstTokenSeconds: 0.2
        )

        let run = try ScriptedRun(
            problemCount: 16,
            sampleCount: 3,
            firstTokenSeconds: 0.8,
            settings: ["drain_seconds: 0.5"]
        )
        let first = try run.start()
        #expect(try hasMade(1, first))
        kill(first.process.processIdentifier, SIGUSR1)
        let stopped = try first.finish()
        #expect(stopped.status == 75, "\(stopped.end)")
        #expect(stopped.errors.contains("unfinished ones are kept"))
        #expect(try first.survivors(after: 10).isEmpty)
        let progress = try String(
            contentsOfFile: run.directory + "/progress.json",
            encoding: .utf8
        )
        #expect(progress.contains(#""state" : "interrupted""#))
        let stoppedAt = Date.now

        let rest = try run.start(rankCount: 2).finish()
        #expect(rest.status == 0, "\(rest.end)")
        #expect(try run.rows() == expected)
        // Some of what the second job finished had been begun by the first.
        let script = #"""
            import sys, h5py
            with h5py.File(sys.argv[1]) as f:
                e = f["episodes"]
                print(sum((e["started_at"][()] < float(sys.argv[2]))
                          & (e["started_at"][()] + e["total_seconds"][()] < float(sys.argv[2]))))
                print(sum(e["started_at"][()] < float(sys.argv[2])))
            """#
        let counts = try Program.python(
            script,
            [run.directory + "/traces.h5", "\(stoppedAt.timeIntervalSince1970)"]
        ).output.split(separator: "\n").compactMap { Int($0) }
        try #require(counts.count == 2)
        #expect(counts[1] > counts[0], "no attempt went on: \(counts)")
    }

    /// Without a launcher rank 0 is its own worker, and sleeps until something is due.
    @Test func aLoneRankStopsWithEverySignalAndGoesOn() throws {
        let expected = try ScriptedRun.quietRows(
            problemCount: 16,
            sampleCount: 3,
            firstTokenSeconds: 0,
            rankCount: 0
        )

        let run = try ScriptedRun(
            problemCount: 16,
            sampleCount: 3,
            firstTokenSeconds: 0.4,
            settings: ["drain_seconds: 0.5"]
        )
        for (done, signal) in [(1, SIGUSR1), (8, SIGTERM), (16, SIGINT)] {
            let program = try run.start(rankCount: 0)
            #expect(try hasMade(done, program))
            kill(program.process.processIdentifier, SIGQUIT)
            #expect(
                try program.wait(upTo: 20) {
                    try program.errorsSoFar().contains("wait for the engine")
                }
            )
            kill(program.process.processIdentifier, signal)
            let stopped = try program.finish()
            #expect(stopped.status == 75, "signal \(signal): \(stopped.end)")
            #expect(stopped.errors.contains("unfinished ones are kept"))
            #expect(try program.survivors(after: 10).isEmpty)
        }
        let rest = try run.start(rankCount: 0).finish()
        #expect(rest.status == 0, "\(rest.end)")
        #expect(try run.rows() == expected)
    }

    @Test func aStopThatHasBroughtNothingIsToldApart() throws {
        let run = try hangingRun()
        let program = try run.start()
        #expect(try program.wait(upTo: 120) { try program.errorsSoFar().contains("in flight 4") })
        kill(program.process.processIdentifier, SIGINT)
        _ = try program.finish()
        #expect(try program.survivors(after: 10).isEmpty)
        // mpirun has its own status after SIGINT; the graceful signal shows the program's.
        let again = try run.start(["run.drain_seconds=0"])
        #expect(try again.wait(upTo: 120) { try again.errorsSoFar().contains("in flight 4") })
        kill(again.process.processIdentifier, SIGUSR1)
        let outcome = try again.finish()
        #expect(outcome.status == 76, "\(outcome.end)")
        #expect(try again.survivors(after: 10).isEmpty)
    }

    @Test func aSecondJobOnTheSameDirectoryIsRefusedAtOnce() throws {
        let run = try ScriptedRun(problemCount: 8, sampleCount: 2, firstTokenSeconds: 0.5)
        let first = try run.start()
        #expect(
            try first.wait(upTo: 120) {
                FileManager.default.fileExists(atPath: run.directory + "/lock")
            }
        )
        let second = try run.start(rankCount: 2).finish()
        #expect(second.status == 2)
        #expect(second.errors.contains("another job works on this run directory"))
        #expect(try first.finish().status == 0)
        #expect(!FileManager.default.fileExists(atPath: run.directory + "/lock"))
    }

    @Test func aJobInWhichNothingAdvancesSaysWhoWaitsAndGivesUp() throws {
        let run = try hangingRun(stallSeconds: 4)
        let program = try run.start()
        let outcome = try program.finish()
        #expect(outcome.status == 70, "\(outcome.end)")
        #expect(outcome.errors.contains("wait for the engine (longest: problem"))
        #expect(try program.survivors(after: 10).isEmpty)
    }

    @Test func aRankThatHangsIsReportedAndEndsTheJob() throws {
        let run = try hangingRun(stallSeconds: 8)
        let program = try run.start()
        #expect(try program.wait(upTo: 120) { try program.errorsSoFar().contains("in flight") })
        let worker = try #require(try program.ranks()[2])
        kill(worker, SIGSTOP)
        let outcome = try program.finish()
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("nothing has advanced for"), "\(outcome.end)")
        kill(worker, SIGCONT)
        #expect(try program.survivors(after: 20).isEmpty)
    }
}
