import RolloutModel
import Testing

@Suite struct RunIntervalsTests {
    /// `count` problems, of which every second one is always right, with 2 samples each.
    private func outcomes(
        _ count: Int,
        tokens: (Int) -> Int = { _ in 100 },
        isRight: (Int) -> Bool = { $0.isMultiple(of: 2) }
    ) -> [EpisodeOutcome] {
        (0..<count * 2).map { index in
            let problem = index / 2
            let isRight = isRight(problem)
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

    /// Half of 400 problems right: standard error sqrt(0.25 / 400) = 0.025, so 0.5 +- 1.96 * 0.025; the exact
    /// interval is wider by about half a problem on each side.
    @Test func theIntervalHasTheWidthOfABinomialMean() throws {
        let intervals = try #require(RunIntervals(outcomes(400)))
        #expect(abs(intervals.accuracy.lowerBound - 0.4498) < 0.001)
        #expect(abs(intervals.accuracy.upperBound - 0.5502) < 0.001)
        #expect(intervals.majority == intervals.accuracy)
        #expect(intervals.passAt == [1: intervals.accuracy, 2: intervals.accuracy])
        #expect(intervals.allRightAt == intervals.passAt)
    }

    /// 30 problems right in all samples: 0.025^(1/30) = 0.8843 (Python).
    @Test func agreementHasAWidth() throws {
        for isRight in [true, false] {
            let intervals = try #require(
                RunIntervals(outcomes(30, isRight: { _ in isRight }))
            )
            let rates =
                [intervals.accuracy, intervals.majority] + intervals.passAt.values
                + intervals.allRightAt.values
            for rate in rates {
                #expect(abs((isRight ? rate.lowerBound : 1 - rate.upperBound) - 0.8843) < 1e-4)
                #expect((isRight ? rate.upperBound : rate.lowerBound) == (isRight ? 1 : 0))
            }
            // No attempt was cut off or used up its turns: another one might be.
            #expect(abs(intervals.truncation.upperBound - (1 - 0.8843)) < 1e-4)
            #expect(intervals.stepLimit == intervals.truncation)
            // Lengths that agree say nothing of others.
            #expect(intervals.meanOutputTokens == nil && intervals.meanToolCalls == nil)
        }
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
