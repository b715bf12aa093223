import RolloutModel
import Testing

@Suite struct RunComparisonTests {
    /// One sample of each problem; `right` says which problems are right.
    private func side(_ ids: [String], right: Set<String>, tokens: Int) -> RunComparison.Side {
        RunComparison.Side(
            problems: ids.map { Problem(id: $0, statement: "s", answer: "a") },
            outcomes: ids.enumerated().map { index, id in
                EpisodeOutcome(
                    task: EpisodeTask(problem: ProblemIndex(index), sample: SampleIndex(0)),
                    status: .completed,
                    finish: .answer,
                    outcome: right.contains(id) ? .right : .wrong,
                    voteKey: right.contains(id) ? "right" : "wrong:x",
                    outputTokenCount: tokens,
                    toolCallCount: 0
                )
            }
        )
    }

    @Test func problemsArePairedById() throws {
        let comparison = try #require(
            RunComparison(
                side(["a", "b", "c", "d"], right: ["a", "b"], tokens: 100),
                side(["x", "c", "b", "a"], right: ["a", "c"], tokens: 60)
            )
        )
        #expect(comparison.sharedCount == 3)
        #expect(comparison.unsharedCount == 2)
        #expect(comparison.becameRight == ["c"])
        #expect(comparison.becameWrong == ["b"])
        #expect(comparison.accuracy.change == 0)
        #expect(comparison.accuracy.pValue == 1)
        #expect(comparison.outputTokens.change == -40)
        // All lengths differ alike, which says nothing of how others would.
        #expect(comparison.outputTokens.interval == nil)
        // Differences 0, -1 and 1.
        #expect(
            comparison.accuracy.interval == PairedInterval.tango(gained: 1, lost: 1, of: 3)
        )
        // Variance 1, one sample: 7.84888 / 0.0001.
        #expect(comparison.power?.problemCount == 78_489)
    }

    /// Ten problems that all improve: of 2^10 sign patterns two are as extreme, p = 2/1024.
    @Test func thePValueIsThatOfThePermutationTest() throws {
        let ids = (0..<10).map { "\($0)" }
        let comparison = try #require(
            RunComparison(
                side(ids, right: [], tokens: 1),
                side(ids, right: Set(ids), tokens: 1)
            )
        )
        #expect(comparison.accuracy.change == 1)
        #expect(abs(comparison.accuracy.pValue - 2.0 / 1024) < 1e-12)
        #expect(comparison.outputTokens.pValue == 1)
    }

    @Test func aRunDoesNotDifferFromItselfButOtherProblemsMight() throws {
        let ids = (0..<50).map { "\($0)" }
        let run = side(ids, right: Set(ids.prefix(20)), tokens: 1)
        let comparison = try #require(RunComparison(run, run))
        #expect(comparison.accuracy.pValue == 1)
        // z^2 / (50 + z^2) = 0.0713.
        let interval = try #require(comparison.majority.interval)
        #expect(abs(interval.upperBound - 0.0713) < 1e-4 && interval.lowerBound < -0.071)
        #expect(comparison.power?.problemCount == nil)
    }

    @Test func runsWithoutACommonProblemAreNotCompared() {
        #expect(
            RunComparison(side(["a"], right: [], tokens: 1), side(["b"], right: [], tokens: 1))
                == nil
        )
    }
}
