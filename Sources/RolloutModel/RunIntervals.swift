/// 95 % intervals of a run's numbers: how much they would move with other problems of the same kind.
///
/// Problems are what is drawn; the samples of one stay together. Rates have the interval of
/// ``BoundedMean``, which is the exact one of Clopper and Pearson where each problem counts 0 or 1 and has
/// a width also where all problems agree. Means of lengths and calls have that of ``Bootstrap``.
public struct RunIntervals: Hashable, Sendable {
    /// Of the share of right answers.
    public let accuracy: ClosedRange<Double>
    /// Of the share of right majorities.
    public let majority: ClosedRange<Double>
    /// Of pass@k, by k: those of ``RunStatistics/shownCounts(_:)``.
    public let passAt: [Int: ClosedRange<Double>]
    /// Of pass^k, by k: the same.
    public let allRightAt: [Int: ClosedRange<Double>]
    /// Of G-Pass@k at ``RepeatedSampling/thresholds``; empty with too few samples.
    public let stability: [ClosedRange<Double>]
    /// Of mG-Pass@k; nil with too few samples.
    public let meanStability: ClosedRange<Double>?
    /// Of the share of episodes whose text a limit cut off.
    public let truncation: ClosedRange<Double>
    /// Of the share of episodes that used up their model turns.
    public let stepLimit: ClosedRange<Double>
    /// Of the share of episodes whose answer was copied from the statement.
    public let copied: ClosedRange<Double>
    /// Of the mean of sampled tokens per episode; nil where all problems agree.
    public let meanOutputTokens: ClosedRange<Double>?
    /// Of the mean of snippets per episode; nil where all problems agree.
    public let meanToolCalls: ClosedRange<Double>?

    /// Intervals of `outcomes`; nil with fewer than two problems that count.
    ///
    /// - Parameter outcomes: in any order, as for ``RunStatistics``.
    public init?(_ outcomes: [EpisodeOutcome]) {
        let problems = CountedProblems(outcomes)
        guard problems.groups.count > 1 else { return nil }
        let ks = RunStatistics.shownCounts(problems.largestCount)
        let columns = problems.columns(ks)
        // No column is empty: each k has a problem with as many samples.
        let intervals = columns.with(
            BoundedMean.intervals(of: columns.all).map { $0 ?? 0...1 }
        )
        accuracy = intervals.accuracy
        majority = intervals.majority
        passAt = Dictionary(uniqueKeysWithValues: zip(ks, intervals.passAt))
        allRightAt = Dictionary(uniqueKeysWithValues: zip(ks, intervals.allRightAt))
        stability = intervals.stable
        meanStability = intervals.meanStable
        truncation = intervals.truncation
        stepLimit = intervals.stepLimit
        copied = intervals.copied
        func mean(_ number: (EpisodeOutcome) -> Int) -> ClosedRange<Double>? {
            Bootstrap.interval(of: problems.sums(number), over: problems.counts).map {
                max(0, $0.lowerBound)...$0.upperBound
            }
        }
        meanOutputTokens = mean(\.outputTokenCount)
        meanToolCalls = mean(\.toolCallCount)
    }
}
