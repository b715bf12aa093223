import RolloutModel
import Testing

@Suite struct RunStatisticsTests {
    @Test func theClassWithMostVotesWins() {
        #expect(RunStatistics.majorityIsRight(group("right", "right", "wrong:3")) == 1)
        #expect(RunStatistics.majorityIsRight(group("right", "wrong:3", "wrong:3")) == 0)
    }

    @Test func leadersOfATieShareTheVote() {
        #expect(RunStatistics.majorityIsRight(group("right", "wrong:3")) == 0.5)
        #expect(RunStatistics.majorityIsRight(group("wrong:2", "right", "wrong:3")) == 1.0 / 3)
    }

    @Test func unparsedAnswersDoNotVote() {
        #expect(RunStatistics.majorityIsRight(group("", "", "right")) == 1)
        #expect(RunStatistics.majorityIsRight(group("", "")) == 0)
    }

    /// Every subset of every size, listed.
    @Test(arguments: [
        ["right", "right", "wrong:1", "wrong:2", "", "right", "wrong:1", "wrong:3"],
        ["right", "wrong:1", "wrong:2", "wrong:3", "wrong:4"],
        ["right", "right", "wrong:1", "wrong:1", "wrong:2", "wrong:2", "", ""],
        ["", "", ""], ["right", "right"], ["wrong:1", "wrong:1", "right"],
    ]) func theExpectedMajorityIsTheMeanOverAllSubsets(_ keys: [String]) {
        let episodes = group(keys)
        for count in 1...keys.count {
            let subsets = (0..<1 << keys.count).filter { $0.nonzeroBitCount == count }
            let sum = subsets.reduce(0.0) { sum, subset in
                let drawn = episodes.indices.filter { subset >> $0 & 1 == 1 }.map { episodes[$0] }
                return sum + RunStatistics.majorityIsRight(drawn)
            }
            let expected = sum / Double(subsets.count)
            let value = RunStatistics.expectedMajority(episodes, of: count)
            #expect(abs(value - expected) < 1e-12, "\(keys) of \(count)")
        }
    }

    /// Two classes of 48 and 16, k = 2: right when both are (48 * 47), half of the mixed pairs
    /// (48 * 16), of 64 * 63 / 2 pairs.
    @Test func theExpectedMajorityOfManySamplesHasAClosedForm() {
        let keys = (0..<64).map { $0 < 48 ? "right" : "wrong:1" }
        let value = RunStatistics.expectedMajority(group(keys), of: 2)
        #expect(abs(value - (48.0 * 47 / 2 + 48 * 16 / 2) / (64 * 63 / 2)) < 1e-12)
        #expect(RunStatistics.expectedMajority(group(keys), of: 64) == 1)
    }

    /// Four counted samples of the first problem with one right, two of the second with both right.
    ///
    /// pass@1: (1/4 + 1) / 2. pass@2: of the first 1 - C(3,2)/C(4,2) = 1/2, of the second 1. pass@3 and
    /// pass@4: the first alone, 1 - C(3,3)/C(4,3) = 3/4 and 1. pass^2: (0 + 1) / 2; pass^4: 0.
    @Test func aProblemWithFewerThanKSamplesIsLeftOut() throws {
        let statistics = RunStatistics(
            [Grade.Outcome.right, .wrong, .wrong, .wrong].enumerated()
                .map { outcome(0, $0, $1) }
                + [outcome(1, 0, .right), outcome(1, 1, .right), outcome(1, 2, .error)]
        )
        #expect(statistics.passAt == [0.625, 0.75, 0.75, 1])
        #expect(statistics.allRightAt == [0.625, 0.5, 0, 0])
        #expect(statistics.leftOutAt == [0, 0, 1, 1])
        // k = 4, half of them 2, three quarters 3: the first problem has one.
        #expect(statistics.stability?.count == 4)
        #expect(statistics.stability?.rates == [0, 0])
        #expect(statistics.accuracy == 0.625)
    }

    /// Of six samples 4 are right, k = 4.
    ///
    /// All 15 draws have 2 or more right. 3 or more have 1 with all four right and 4 * 2 with three of them, 9 of
    /// 15. mG-Pass@4 is 2/4 of (9 + 1) / 15.
    @Test func gPassIsOfTheLargestPowerOfTwo() throws {
        let statistics = RunStatistics((0..<6).map { outcome(0, $0, $0 < 4 ? .right : .wrong) })
        let stability = try #require(statistics.stability)
        #expect(stability.count == 4)
        #expect(abs(stability.rates[0] - 1) < 1e-12)
        #expect(abs(stability.rates[1] - 9.0 / 15) < 1e-12)
        #expect(abs(stability.mean - 0.5 * 10 / 15) < 1e-12)
        #expect(RunStatistics((0..<3).map { outcome(0, $0, .right) }).stability == nil)
    }

    @Test func anAttemptThatUsedUpItsTurnsIsNotTruncated() {
        let finishes: [Episode.Finish] = [
            .answer, .stepLimit, .stepLimit, .tokenLimit, .contextLimit, .timeLimit, .noAnswer,
            .invalidCalls,
        ]
        let statistics = RunStatistics(
            finishes.enumerated().map { outcome(0, $0, .wrong, finish: $1) }
        )
        #expect(statistics.truncation == 3.0 / 8)
        #expect(statistics.stepLimit == 2.0 / 8)
    }

    @Test func hugeCountsAreNoTrap() {
        let outcomes = (0..<4).map { sample in
            EpisodeOutcome(
                task: EpisodeTask(problem: ProblemIndex(sample % 2), sample: SampleIndex(sample)),
                status: .completed,
                finish: .answer,
                outcome: .right,
                voteKey: "right",
                outputTokenCount: .max,
                toolCallCount: .max
            )
        }
        #expect(RunStatistics(outcomes).meanOutputTokens == Double(Int.max))
        #expect(RunIntervals(outcomes)?.meanToolCalls == nil)
    }

    @Test func failuresOutsideTheModelAreLeftOutAndCounted() {
        let outcomes = [
            outcome(0, 0, .right), outcome(0, 1, .wrong),
            outcome(0, 2, .timeout), outcome(0, 3, .ungraded, status: .inference),
        ]
        let statistics = RunStatistics(outcomes)
        #expect(statistics.episodeCount == 2)
        #expect(statistics.failureCount == 2)
        #expect(statistics.accuracy == 0.5)
    }

    @Test func problemsWeighTheSameWhateverTheirSampleCount() {
        let statistics = RunStatistics(
            [outcome(0, 0, .right), outcome(1, 0, .wrong), outcome(1, 1, .wrong)])
        #expect(statistics.accuracy == 0.5)
        #expect(statistics.problemCount == 2)
        #expect(statistics.sampleCount == 2)
    }

    @Test func orderOfEpisodesDoesNotMatter() {
        let outcomes = (0..<20).flatMap { problem in
            (0..<4).map { outcome(problem, $0, ($0 + problem).isMultiple(of: 3) ? .right : .wrong) }
        }
        #expect(RunStatistics(outcomes) == RunStatistics(outcomes.reversed()))
    }

    @Test func nothingGivesZeros() {
        let statistics = RunStatistics([])
        #expect(statistics.accuracy == 0 && statistics.passAt.isEmpty)
    }

    private func group(_ keys: String...) -> [EpisodeOutcome] { group(keys) }

    private func group(_ keys: [String]) -> [EpisodeOutcome] {
        keys.enumerated().map { sample, key in
            outcome(
                0,
                sample,
                key == "right" ? .right : key.isEmpty ? .unparsed : .wrong,
                key: key
            )
        }
    }

    private func outcome(
        _ problem: Int,
        _ sample: Int,
        _ outcome: Grade.Outcome,
        status: Episode.Status = .completed,
        finish: Episode.Finish = .answer,
        key: String? = nil
    ) -> EpisodeOutcome {
        EpisodeOutcome(
            task: EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample)),
            status: status,
            finish: finish,
            outcome: outcome,
            voteKey: key ?? (outcome == .right ? "right" : "wrong:0"),
            outputTokenCount: 10,
            toolCallCount: 1
        )
    }
}
