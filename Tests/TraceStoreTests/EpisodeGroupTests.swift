import RolloutModel
import Testing

@testable import TraceStore

@Suite struct EpisodeGroupTests {
    private func member(
        _ problem: Int,
        _ sample: Int,
        version: Int = 0,
        reward: Double,
        outcome: Grade.Outcome = .right
    ) -> EpisodeGroup.Member {
        EpisodeGroup.Member(
            outcome: EpisodeOutcome(
                task: EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample)),
                status: .completed,
                finish: .answer,
                outcome: outcome,
                voteKey: "",
                outputTokenCount: 1,
                toolCallCount: 0
            ),
            reward: reward,
            policyVersion: version
        )
    }

    /// Rewards 1, 2, 6: mean 3, squares 4 + 1 + 9, over 2.
    @Test func aGroupIsAProblemUnderOnePolicy() {
        let groups = EpisodeGroup.groups([
            member(1, 0, reward: 6, outcome: .wrong), member(0, 0, reward: 1),
            member(1, 1, reward: 1), member(1, 3, version: 4, reward: 9),
            member(1, 2, reward: 2, outcome: .unparsed),
            member(1, 5, reward: 100, outcome: .timeout),
        ])
        #expect(groups.map(\.problem) == [ProblemIndex(0), ProblemIndex(1), ProblemIndex(1)])
        #expect(groups.map(\.policyVersion) == [0, 0, 4])
        #expect(groups[1].episodeCount == 4)
        #expect(groups[1].countedCount == 3)
        #expect(groups[1].rightCount == 1)
        #expect(groups[1].rewardMean == 3)
        #expect(abs(groups[1].rewardDeviation - 7.0.squareRoot()) < 1e-12)
        #expect(groups[2].rewardDeviation == 0)
    }

    @Test func theOrderOfMembersDoesNotMatter() {
        let members = (0..<30).map { member($0 % 3, $0 / 3, reward: 1 / Double($0 + 1)) }
        #expect(EpisodeGroup.groups(members) == EpisodeGroup.groups(members.reversed()))
    }
}
