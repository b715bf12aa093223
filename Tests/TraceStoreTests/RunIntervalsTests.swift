import RolloutModel
import Testing

@testable import TraceStore

@Suite struct RunIntervalsTests {
    /// `count` problems, of which every second one is always right, with 2 samples each.
    private func outcomes(_ count: Int, tokens: (Int) -> Int = { _ in 100 }) -> [EpisodeOutcome] {
        (0..<count * 2).map { index in
            let problem = index / 2
            let isRight = problem.isMultiple(of: 2)
            return EpisodeOutcome(
                task: EpisodeTask(
                    problem: ProblemIndex(problem),
                    sample: SampleIndex(index % 2)
                ),
                status: .completed,
                finish: .answer,
                outcome: isRight ? .right : .wrong,
                voteKey: isRight ? "right" : "wrong:1",
                outputTokenCount: tokens(problem),
                toolCallCount: 0
            )
        }
    }

    /// Half of 400 problems right: standard error sqrt(0.25 / 400) = 0.025, so 0.5 +- 1.96 * 0.025.
    @Test func theIntervalHasTheWidthOfABinomialMean() throws {
        let intervals = try #require(RunIntervals(outcomes(400)))
        #expect(abs(intervals.accuracy.lowerBound - 0.451) < 0.008)
        #expect(abs(intervals.accuracy.upperBound - 0.549) < 0.008)
        #expect(intervals.majority == intervals.accuracy)
        #expect(intervals.passAt == [intervals.accuracy, intervals.accuracy])
        #expect(intervals.meanOutputTokens == 100...100)
    }

    @Test func theSameOutcomesGiveTheSameIntervals() {
        let outcomes = outcomes(50) { $0 }
        #expect(RunIntervals(outcomes) == RunIntervals(outcomes.reversed()))
    }

    @Test func oneProblemHasNoInterval() {
        #expect(RunIntervals(outcomes(1)) == nil)
        #expect(RunIntervals([]) == nil)
    }
}
