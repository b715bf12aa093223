// One step of training as rank 0 sees it: which groups are made, which of them are trained on, and
// what their rewards say. Pure: no MPI, no clock.

import RolloutModel

/// One step of training.
struct TrainingStep: Sendable {
    /// The attempts at one problem in one epoch.
    ///
    /// An epoch's samples have indices of their own, so that (problem, sample) is met once in a run.
    struct DrawnGroup: Hashable, Sendable {
        /// Zero-based problem.
        let problem: Int
        /// Zero-based samples; as many as a group has.
        let samples: Range<Int>
    }

    /// What does not change from step to step.
    struct Rules: Hashable, Sendable {
        /// Groups that a step trains on.
        let groupCount: Int
        /// Attempts of a group.
        let groupSize: Int
        /// Groups of equal rewards that a step replaces, at most.
        let resampleLimit: Int
        /// How rewards become advantages.
        let advantage: AdvantageRule
    }

    /// What comes of a step.
    struct Result: Sendable {
        /// Every attempt's reward relative to its group; 0 where it does not count.
        var advantages: [EpisodeTask: Double] = [:]
        /// Problems of the groups to train on, in the order they were drawn.
        var trainedProblems: [Int] = []
        /// The numbers of the step.
        var summary: StepSummary
    }

    /// One-based number; the update it makes has the same.
    let number: Int
    /// Every group drawn so far, in order.
    private(set) var groups: [DrawnGroup] = []
    /// Where the next problem comes from.
    private(set) var stream: ProblemStream
    private let rules: Rules
    private var excluded: Set<Int> = []

    /// Step `number`, with its first groups drawn from `stream`.
    init(number: Int, rules: Rules, stream: ProblemStream) {
        self.number = number
        self.rules = rules
        self.stream = stream
        _ = draw(rules.groupCount)
    }

    private mutating func draw(_ count: Int) -> [DrawnGroup] {
        let drawn = (0..<count).map { _ in
            let next = stream.next(excluding: excluded)
            excluded.insert(next.problem)
            let first = next.epoch * rules.groupSize
            return DrawnGroup(problem: next.problem, samples: first..<first + rules.groupSize)
        }
        groups += drawn
        return drawn
    }

    /// Groups to make besides, now that all so far have their outcomes: one for each group whose
    /// rewards are equal, within the limit (Yu et al., DAPO, arXiv:2503.14476, section 3.2).
    mutating func replacements(_ outcomes: [EpisodeOutcome]) -> [DrawnGroup] {
        let left = rules.groupCount + rules.resampleLimit - groups.count
        guard left > 0 else { return [] }
        let rewards = Self.rewards(outcomes)
        let useful = groups.count { Self.hasSpread($0, rewards) }
        return draw(min(max(0, rules.groupCount - useful), left))
    }

    /// What comes of the step, all attempts having their outcomes.
    func result(_ outcomes: [EpisodeOutcome]) -> Result {
        let rewards = Self.rewards(outcomes)
        var result = Result(summary: StepSummary(outcomes))
        for group in groups {
            let tasks = group.tasks
            let advantages = rules.advantage.advantages(of: tasks.map { rewards[$0] })
            for (task, advantage) in zip(tasks, advantages) { result.advantages[task] = advantage }
        }
        // Groups that teach something first; flat ones fill up what the bound left.
        let chosen =
            groups.filter { Self.hasSpread($0, rewards) }
            + groups.filter { !Self.hasSpread($0, rewards) }
        let trained = Set(chosen.prefix(rules.groupCount).map(\.problem))
        result.trainedProblems = groups.map(\.problem).filter(trained.contains)
        return result
    }

    /// Rewards of the attempts that say something about the model.
    private static func rewards(_ outcomes: [EpisodeOutcome]) -> [EpisodeTask: Double] {
        Dictionary(
            outcomes.filter(RunStatistics.counts).map { ($0.task, $0.reward) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    private static func hasSpread(_ group: DrawnGroup, _ rewards: [EpisodeTask: Double]) -> Bool {
        Set(group.tasks.compactMap { rewards[$0] }).count > 1
    }
}

extension TrainingStep.DrawnGroup {
    /// The attempts, in sample order.
    var tasks: [EpisodeTask] {
        samples.map { EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex($0)) }
    }
}
