/// The numbers of one step of training, over the attempts that say something about the model.
public struct StepSummary: Hashable, Sendable {
    /// Attempts that count.
    public let countedCount: Int
    /// Attempts that failed outside the model.
    public let failureCount: Int
    /// Mean reward.
    public let rewardMean: Double
    /// Standard deviation of the rewards, n - 1 in the denominator.
    public let rewardDeviation: Double
    /// Share of right answers, 0...1.
    public let accuracy: Double
    /// Share of attempts that used the tool, 0...1.
    public let toolUse: Double
    /// Mean sampled tokens.
    public let meanOutputTokens: Double
    /// Share of groups whose rewards are all equal, 0...1.
    public let flatGroupShare: Double

    /// The numbers of a step's `outcomes`, in any order.
    public init(_ outcomes: [EpisodeOutcome]) {
        // In the order of attempts: sums must not depend on the order of arrival.
        let counted = outcomes.filter(RunStatistics.counts).sorted { $0.task < $1.task }
        let count = Double(max(1, counted.count))
        func mean(_ value: (EpisodeOutcome) -> Double) -> Double {
            counted.reduce(0) { $0 + value($1) } / count
        }
        countedCount = counted.count
        failureCount = outcomes.count - counted.count
        let rewardMean = mean(\.reward)
        self.rewardMean = rewardMean
        let squares = counted.reduce(0) { sum, outcome in
            sum + (outcome.reward - rewardMean) * (outcome.reward - rewardMean)
        }
        rewardDeviation = counted.count > 1 ? (squares / (count - 1)).squareRoot() : 0
        accuracy = mean { $0.outcome == .right ? 1 : 0 }
        toolUse = mean { $0.toolCallCount > 0 ? 1 : 0 }
        meanOutputTokens = mean { Double($0.outputTokenCount) }
        let groups = Dictionary(grouping: outcomes, by: \.task.problem).values
        let flatCount = groups.count { group in
            Set(group.filter(RunStatistics.counts).map(\.reward)).count < 2
        }
        flatGroupShare = Double(flatCount) / Double(max(1, groups.count))
    }
}
