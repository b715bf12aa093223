internal import RolloutModel

/// The columns of `/groups`.
enum GroupColumns {
    typealias Row = EpisodeGroup

    static let problem = Column<Row, Int32>("problem_index", "Row of the problem in /problems") {
        Int32($0.problem.value)
    }
    static let policyVersion = Column<Row, Int32>(
        "policy_version",
        "The adapter that sampled the group"
    ) { Int32($0.policyVersion) }
    static let episodeCount = Column<Row, Int32>(
        "episode_count",
        unit: "episode",
        "Attempts, those that failed outside the model included"
    ) { Int32($0.episodeCount) }
    static let countedCount = Column<Row, Int32>(
        "counted_count",
        unit: "episode",
        "Attempts that say something about the model"
    ) { Int32($0.countedCount) }
    static let rightCount = Column<Row, Int32>(
        "right_count",
        unit: "episode",
        "Right answers among those"
    ) { Int32($0.rightCount) }
    static let rewardMean = Column<Row, Double>(
        "reward_mean",
        "Mean reward of the counted attempts"
    ) { $0.rewardMean }
    static let rewardDeviation = Column<Row, Double>(
        "reward_deviation",
        "Standard deviation of those rewards, n - 1 in the denominator"
    ) { $0.rewardDeviation }
}
