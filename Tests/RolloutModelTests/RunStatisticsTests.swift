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

    /// Chen et al.'s estimate is the mean over all subsets of whether one holds a right sample.
    @Test func passAtKIsTheMeanOverAllSubsets() {
        for right in 0...6 {
            for count in 1...6 {
                let subsets = (0..<1 << 6).filter { $0.nonzeroBitCount == count }
                let hits = subsets.count { $0 & ((1 << right) - 1) != 0 }
                let value = RunStatistics.passAt(count, right: right, of: 6)
                #expect(abs(value - Double(hits) / Double(subsets.count)) < 1e-12)
            }
        }
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
