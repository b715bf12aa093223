import RolloutModel
import Testing

@Suite struct RunStatisticsTests {
    @Test func passAtOneIsTheShareOfRightSamples() {
        #expect(abs(RunStatistics.passAt(1, right: 3, of: 16) - 3.0 / 16) < 1e-12)
    }

    @Test func passAtKIsOneMinusTheChanceToMissEveryRightSample() {
        // n = 4, c = 1, k = 2: C(3,2) / C(4,2) = 3/6 of the draws miss.
        #expect(abs(RunStatistics.passAt(2, right: 1, of: 4) - 0.5) < 1e-12)
        // n = 5, c = 2, k = 3: C(3,3) / C(5,3) = 1/10.
        #expect(abs(RunStatistics.passAt(3, right: 2, of: 5) - 0.9) < 1e-12)
        #expect(RunStatistics.passAt(4, right: 1, of: 4) == 1)
        #expect(RunStatistics.passAt(4, right: 0, of: 4) == 0)
    }

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

    private func group(_ keys: String...) -> [EpisodeOutcome] {
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
        key: String? = nil
    ) -> EpisodeOutcome {
        EpisodeOutcome(
            task: EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample)),
            status: status,
            finish: .answer,
            outcome: outcome,
            voteKey: key ?? (outcome == .right ? "right" : "wrong:0"),
            outputTokenCount: 10,
            toolCallCount: 1
        )
    }
}
