import Testing

@testable import Orchestration

@Suite struct ProgressTests {
    private let half = Progress(
        doneCount: 50,
        taskCount: 100,
        problemDoneCount: 12,
        problemCount: 25,
        madeCount: 40,
        sampledTokenCount: 8000,
        rightCount: 30,
        heldCount: 16,
        elapsedSeconds: 20
    )

    @Test func theRateCountsOnlyWhatThisJobMade() {
        #expect(half.line.contains("2.0 episodes/s"))
        #expect(half.line.contains("400 tokens/s"))
        #expect(half.line.contains("problems 12/25"))
    }

    @Test func theEstimateIsTheRestAtTheMeanRate() {
        #expect(half.secondsLeft == 25)
        #expect(half.line.hasSuffix("ETA 0:25"))
    }

    @Test func thereIsNoEstimateBeforeTheFirstEpisode() {
        var start = half
        start.madeCount = 0
        start.elapsedSeconds = 0
        #expect(start.secondsLeft == nil)
    }

    @Test func failuresAreShownWhenThereAreAny() {
        var failing = half
        failing.failureCounts = ["inference": 3]
        #expect(failing.line.contains("failed inference 3"))
        #expect(!half.line.contains("failed"))
    }
}
