public import RolloutModel

/// The episodes of one problem by one policy, in numbers: a row of `/groups`.
public struct EpisodeGroup: Hashable, Sendable {
    /// Whose attempts.
    public let problem: ProblemIndex
    /// The adapter that sampled them.
    public let policyVersion: Int
    /// Attempts.
    public let episodeCount: Int
    /// Attempts that say something about the model (see `RunStatistics.counts`).
    public let countedCount: Int
    /// Right answers among those.
    public let rightCount: Int
    /// Mean reward of the counted attempts; 0 of none.
    public let rewardMean: Double
    /// Their standard deviation with n - 1 in the denominator; 0 of fewer than two.
    public let rewardDeviation: Double

    /// A group as it was stored.
    init(
        problem: ProblemIndex,
        policyVersion: Int,
        episodeCount: Int,
        countedCount: Int,
        rightCount: Int,
        rewardMean: Double,
        rewardDeviation: Double
    ) {
        self.problem = problem
        self.policyVersion = policyVersion
        self.episodeCount = episodeCount
        self.countedCount = countedCount
        self.rightCount = rightCount
        self.rewardMean = rewardMean
        self.rewardDeviation = rewardDeviation
    }

    /// What a group is made of: one attempt.
    public struct Member: Hashable, Sendable {
        /// Which attempt, and what became of it.
        public let outcome: EpisodeOutcome
        /// Its reward.
        public let reward: Double
        /// Its adapter.
        public let policyVersion: Int

        /// An attempt.
        public init(outcome: EpisodeOutcome, reward: Double, policyVersion: Int) {
            self.outcome = outcome
            self.reward = reward
            self.policyVersion = policyVersion
        }
    }

    /// The groups of `members`, by problem and then by policy version.
    public static func groups(_ members: [Member]) -> [EpisodeGroup] {
        struct Key: Hashable {
            let problem: ProblemIndex
            let version: Int
        }
        let groups = Dictionary(grouping: members) {
            Key(problem: $0.outcome.task.problem, version: $0.policyVersion)
        }
        return groups.sorted {
            ($0.key.problem, $0.key.version) < ($1.key.problem, $1.key.version)
        }.map { key, members in
            // In sample order: sums of rewards must not depend on the order of writing.
            let counted = members.filter { RunStatistics.counts($0.outcome) }
                .sorted { $0.outcome.task < $1.outcome.task }
            let rewards = counted.map(\.reward)
            let mean = rewards.mean
            let squares = rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return EpisodeGroup(
                problem: key.problem,
                policyVersion: key.version,
                episodeCount: members.count,
                countedCount: counted.count,
                rightCount: counted.count { $0.outcome.outcome == .right },
                rewardMean: mean,
                rewardDeviation: rewards.count > 1
                    ? (squares / Double(rewards.count - 1)).squareRoot() : 0
            )
        }
    }
}
