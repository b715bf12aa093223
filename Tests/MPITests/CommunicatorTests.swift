import ParallelLaunch
import Testing

@Suite struct CommunicatorTests {
    @Test(
        arguments: [
            "messages", "largeMessage", "collectives", "agreement", "sharedSplit", "waitIsIdle",
        ],
        [0, 1, 2, 3]
    )
    func holdsOnEveryRankCount(check: String, rankCount: Int) throws {
        let outcome = try ParallelLaunch.run([check], rankCount: rankCount)
        #expect(outcome.exitCode == 0, "\(outcome.output)")
        #expect(outcome.output.contains("passed on \(max(rankCount, 1))"), "\(outcome.output)")
    }
}
