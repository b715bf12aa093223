import ParallelLaunch
import Testing

@Suite struct MPIRuntimeTests {
    @Test func oneProcessNeedsNoLauncherAndStartsFast() throws {
        let outcome = try ParallelLaunch.run(["collectives"], rankCount: 0)
        #expect(outcome.exitCode == 0, "\(outcome.output)")
        #expect(outcome.wallSeconds < 5, "took \(outcome.wallSeconds) s")
    }

    @Test(arguments: [0, 1, 2, 3])
    func abortEndsEveryRankWithItsCode(rankCount: Int) throws {
        let outcome = try ParallelLaunch.run(["abort"], rankCount: rankCount)
        #expect(outcome.exitCode == 42, "\(outcome.output)")
        #expect(outcome.wallSeconds < 20, "took \(outcome.wallSeconds) s")
    }

    @Test(arguments: [2, 3])
    func oneRanksErrorLeavesNoRankWaiting(rankCount: Int) throws {
        let outcome = try ParallelLaunch.run(["throwOnOneRank"], rankCount: rankCount)
        #expect(outcome.exitCode == 3, "\(outcome.output)")
        #expect(outcome.output.contains("deliberate failure of the last rank"))
        #expect(outcome.wallSeconds < 20, "took \(outcome.wallSeconds) s")
    }

    @Test func messagesNobodyReceivesAreReportedAndNotWaitedForEver() throws {
        let outcome = try ParallelLaunch.run(["undelivered"], rankCount: 0)
        #expect(outcome.exitCode == 3, "\(outcome.output)")
        #expect(outcome.output.contains("1 sent messages were never received"))
    }
}
