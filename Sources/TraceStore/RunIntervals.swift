public import RolloutModel

/// 95 % intervals of a run's numbers: how much they would move with other problems of the same kind.
///
/// Percentile bootstrap over problems (Efron, Annals of Statistics 7, 1979): problems are drawn with
/// replacement, a problem's samples stay together. The draws are the same in every call.
public struct RunIntervals: Hashable, Sendable {
    /// Of the share of right answers.
    public let accuracy: ClosedRange<Double>
    /// Of the share of right majorities.
    public let majority: ClosedRange<Double>
    /// Of pass@k for k = 1...sampleCount.
    public let passAt: [ClosedRange<Double>]
    /// Of the mean of sampled tokens per episode.
    public let meanOutputTokens: ClosedRange<Double>
    /// Of the mean of snippets per episode.
    public let meanToolCalls: ClosedRange<Double>
    /// Of the share of episodes that a limit cut.
    public let truncation: ClosedRange<Double>

    /// Intervals of `outcomes`; nil with fewer than two problems that count.
    ///
    /// - Parameters:
    ///   - outcomes: in any order, as for ``/RolloutModel/RunStatistics``.
    ///   - drawCount: bootstrap samples.
    public init?(_ outcomes: [EpisodeOutcome], drawCount: Int = 1000) {
        let counted = outcomes.filter(RunStatistics.counts)
        let groups = Dictionary(grouping: counted, by: \.task.problem)
            .sorted { $0.key < $1.key }.map(\.value)
        guard groups.count > 1 else { return nil }
        let largest = groups.map(\.count).max() ?? 0
        let right = groups.map { $0.count { $0.outcome == .right } }
        // One row of rates per problem; a draw averages the rows of the problems drawn.
        var rates = [
            zip(right, groups).map { Double($0) / Double($1.count) },
            groups.map(RunStatistics.majorityIsRight),
        ]
        for k in 1...largest {
            rates.append(
                zip(right, groups).map {
                    RunStatistics.passAt(min(k, $1.count), right: $0, of: $1.count)
                }
            )
        }
        // Means over episodes: sums of the problems drawn, over the number of their episodes.
        let sums = [
            groups.map { Double($0.reduce(0) { $0 + $1.outputTokenCount }) },
            groups.map { Double($0.reduce(0) { $0 + $1.toolCallCount }) },
            groups.map { Double($0.count { RunStatistics.isTruncated($0) }) },
        ]
        let counts = groups.map { Double($0.count) }

        var random = RandomSource(seed: 20_250_101)
        var draws = [[Double]](repeating: [], count: rates.count + sums.count)
        for _ in 0..<drawCount {
            let drawn = groups.indices.map { _ in Int.random(in: groups.indices, using: &random) }
            for (index, rate) in rates.enumerated() {
                draws[index].append(drawn.reduce(0) { $0 + rate[$1] } / Double(drawn.count))
            }
            let drawnCount = drawn.reduce(0) { $0 + counts[$1] }
            for (index, sum) in sums.enumerated() {
                draws[rates.count + index].append(drawn.reduce(0) { $0 + sum[$1] } / drawnCount)
            }
        }
        let intervals = draws.map { draw in
            let sorted = draw.sorted()
            return sorted.quantile(0.025)...sorted.quantile(0.975)
        }
        accuracy = intervals[0]
        majority = intervals[1]
        passAt = Array(intervals[2..<rates.count])
        meanOutputTokens = intervals[rates.count]
        meanToolCalls = intervals[rates.count + 1]
        truncation = intervals[rates.count + 2]
    }
}
