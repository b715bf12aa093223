import RolloutModel
import Testing

@testable import Orchestration

@Suite struct TrainingStepTests {
    @Test func everyEpochMeetsEveryProblemOnce() {
        var stream = ProblemStream(seed: 3, problemCount: 10)
        var orders: [[Int]] = []
        for epoch in 0..<3 {
            let drawn = (0..<10).map { _ in stream.next(excluding: []) }
            #expect(drawn.allSatisfy { $0.epoch == epoch })
            orders.append(drawn.map(\.problem))
        }
        #expect(orders.allSatisfy { $0.sorted() == Array(0..<10) })
        #expect(Set(orders).count == 3)
    }

    @Test func aStreamGoesOnWhereAnEarlierOneStopped() {
        var whole = ProblemStream(seed: 5, problemCount: 7)
        let all = (0..<30).map { _ in whole.next(excluding: []).problem }
        for count in [0, 1, 7, 13] {
            var later = ProblemStream(seed: 5, problemCount: 7, drawnCount: count)
            let rest = (count..<30).map { _ in later.next(excluding: []).problem }
            #expect(rest == Array(all[count...]))
        }
    }

    @Test func noProblemIsTwiceInAStepAndNoAttemptTwiceInARun() {
        var stream = ProblemStream(seed: 1, problemCount: 5)
        var seen: Set<EpisodeTask> = []
        for number in 1...20 {
            let step = TrainingStep(number: number, rules: Self.rules(groups: 3), stream: stream)
            stream = step.stream
            #expect(Set(step.groups.map(\.problem)).count == 3)
            for task in step.groups.flatMap(\.tasks) {
                #expect(seen.insert(task).inserted)
            }
        }
    }

    @Test func aGroupWithoutSpreadIsReplacedWithinTheBound() {
        var step = TrainingStep(
            number: 1,
            rules: Self.rules(groups: 3, resampled: 2),
            stream: ProblemStream(seed: 1, problemCount: 20)
        )
        let first = step.groups
        // The second and third problem teach nothing.
        var outcomes =
            Self.outcomes(first[0], rewards: [1, 0])
            + Self.outcomes(first[1], rewards: [1, 1])
            + Self.outcomes(first[2], rewards: [0, 0])
        let more = step.replacements(outcomes)
        #expect(more.count == 2)
        outcomes +=
            Self.outcomes(more[0], rewards: [0, 1]) + Self.outcomes(more[1], rewards: [1, 1])
        #expect(step.replacements(outcomes).isEmpty)
        let result = step.result(outcomes)
        // Two useful groups, and the first of the others to fill up.
        #expect(
            result.trainedProblems == [first[0].problem, first[1].problem, more[0].problem]
        )
        #expect(result.summary.flatGroupShare == 0.6)
        #expect(result.summary.accuracy == 0.6)
        #expect(result.advantages.count == 10)
    }

    @Test func withoutABoundNothingIsReplaced() {
        var step = TrainingStep(
            number: 1,
            rules: Self.rules(groups: 2),
            stream: ProblemStream(seed: 1, problemCount: 20)
        )
        let outcomes = step.groups.flatMap { Self.outcomes($0, rewards: [1, 1]) }
        #expect(step.replacements(outcomes).isEmpty)
        #expect(step.result(outcomes).trainedProblems == step.groups.map(\.problem))
    }

    @Test func aFailureOutsideTheModelDoesNotCountInItsGroup() {
        let step = TrainingStep(
            number: 1,
            rules: Self.rules(groups: 1, size: 3),
            stream: ProblemStream(seed: 1, problemCount: 2)
        )
        let group = step.groups[0]
        let outcomes =
            Self.outcomes(group, rewards: [1, 0, 0], failed: [2])
        let result = step.result(outcomes)
        let advantages = group.tasks.map { result.advantages[$0] }
        #expect(advantages[2] == 0)
        #expect(advantages[0].map { $0 > 0 } == true && advantages[1].map { $0 < 0 } == true)
        #expect(result.summary.failureCount == 1 && result.summary.countedCount == 2)
        #expect(result.summary.rewardMean == 0.5)
    }

    @Test func theResultDoesNotDependOnTheOrderOfOutcomes() {
        let step = TrainingStep(
            number: 1,
            rules: Self.rules(groups: 2, size: 4),
            stream: ProblemStream(seed: 9, problemCount: 8)
        )
        let outcomes = step.groups.flatMap { Self.outcomes($0, rewards: [0.1, 0.7, 0.3, 0.9]) }
        let straight = step.result(outcomes)
        let reversed = step.result(outcomes.reversed())
        #expect(straight.advantages == reversed.advantages)
        #expect(straight.summary == reversed.summary)
    }

    private static func rules(
        groups: Int,
        size: Int = 2,
        resampled: Int = 0
    ) -> TrainingStep.Rules {
        TrainingStep.Rules(
            groupCount: groups,
            groupSize: size,
            resampleLimit: resampled,
            advantage: .scaled
        )
    }

    private static func outcomes(
        _ group: TrainingStep.DrawnGroup,
        rewards: [Double],
        failed: Set<Int> = []
    ) -> [EpisodeOutcome] {
        zip(group.tasks, rewards).enumerated().map { index, pair in
            EpisodeOutcome(
                task: pair.0,
                status: failed.contains(index) ? .inference : .completed,
                finish: failed.contains(index) ? .failure : .answer,
                outcome: pair.1 > 0 ? .right : .wrong,
                voteKey: "",
                outputTokenCount: 10,
                toolCallCount: 1,
                reward: pair.1
            )
        }
    }
}
