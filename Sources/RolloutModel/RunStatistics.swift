/// The numbers of a finished or running evaluation.
///
/// Rates are means over problems of the rate within the problem, so that a problem with a lost
/// sample weighs as much as the others; means of lengths and calls are over episodes. An episode whose status is not `completed`, or whose
/// verdict is missing for a reason outside the model, is left out, and counted in `failureCount`.
public struct RunStatistics: Hashable, Sendable {
    /// Problems with at least one counted episode.
    public let problemCount: Int
    /// Samples per problem: the largest number counted.
    public let sampleCount: Int
    /// Episodes that count.
    public let episodeCount: Int
    /// Episodes left out because something outside the model failed.
    public let failureCount: Int
    /// Share of right answers (average@k), 0...1.
    public let accuracy: Double
    /// Share of problems whose majority answer is right, 0...1.
    ///
    /// See ``majorityIsRight(_:)`` for ties.
    public let majority: Double
    /// pass@k for k = 1...sampleCount; shape `[sampleCount]`, each 0...1.
    ///
    /// The mean over problems with k or more counted samples (see
    /// ``RepeatedSampling/anyRight(_:right:of:)``); ``leftOutAt`` counts the others.
    public let passAt: [Double]
    /// pass^k for k = 1...sampleCount, over the same problems; shape `[sampleCount]`, each 0...1.
    public let allRightAt: [Double]
    /// Problems with fewer than k counted samples, for k = 1...sampleCount; shape `[sampleCount]`.
    public let leftOutAt: [Int]
    /// G-Pass@k; nil with fewer than ``fewestForStability`` samples.
    public let stability: Stability?
    /// Mean sampled tokens per counted episode.
    public let meanOutputTokens: Double
    /// Mean snippets per counted episode.
    public let meanToolCalls: Double
    /// Share of counted episodes whose text a limit of tokens, context or time cut off, 0...1.
    public let truncation: Double
    /// Share of counted episodes that used up their model turns, 0...1: whole texts, no answer.
    public let stepLimit: Double
    /// Share of counted episodes whose answer was copied from the statement, right or wrong, 0...1.
    public let copied: Double
    /// Problems that it takes to tell this run from another; nil with fewer than two problems.
    public let power: Power?

    /// How steadily problems are solved: G-Pass@k over the problems with k counted samples.
    public struct Stability: Hashable, Sendable {
        /// k: the largest power of two that is not above ``RunStatistics/sampleCount``.
        public let count: Int
        /// G-Pass@k for each of ``RepeatedSampling/thresholds``, 0...1.
        public let rates: [Double]
        /// mG-Pass@k, 0...1.
        public let mean: Double
    }

    /// Problems needed to tell one point of accuracy apart (see ``PairedPower``).
    public struct Power: Hashable, Sendable {
        /// When the other run does equally well on each problem; nil with one sample a problem.
        public let least: PairedPower?
        /// When the other run's rates have nothing to do with this one's.
        public let most: PairedPower
    }

    /// Samples below which G-Pass@k says nothing that pass@k and pass^k do not.
    public static let fewestForStability = 4

    /// The k of G-Pass@k for `sampleCount` samples; nil with too few.
    static func stableCount(_ sampleCount: Int) -> Int? {
        guard sampleCount >= fewestForStability else { return nil }
        var k = 1
        while k <= sampleCount / 2 { k *= 2 }
        return k
    }

    /// Statistics of `outcomes`, in any order, each attempt at most once.
    public init(_ outcomes: [EpisodeOutcome]) {
        let problems = CountedProblems(outcomes)
        let largest = problems.largestCount
        let columns = problems.columns(largest == 0 ? [] : Array(1...largest))
        let rates = columns.with(columns.all.map { $0.compactMap { $0 }.mean })
        let counts = problems.counts
        let counted = counts.reduce(0, +)
        problemCount = problems.groups.count
        sampleCount = largest
        episodeCount = problems.groups.reduce(0) { $0 + $1.count }
        failureCount = outcomes.count - episodeCount
        accuracy = rates.accuracy
        majority = rates.majority
        passAt = rates.passAt
        allRightAt = rates.allRightAt
        leftOutAt = passAt.indices.map { problems.leftOutCount($0 + 1) }
        stability = rates.meanStable.flatMap { mean in
            Self.stableCount(largest).map {
                Stability(count: $0, rates: rates.stable, mean: mean)
            }
        }
        meanOutputTokens =
            counted == 0 ? 0 : problems.sums(\.outputTokenCount).reduce(0, +) / counted
        meanToolCalls = counted == 0 ? 0 : problems.sums(\.toolCallCount).reduce(0, +) / counted
        truncation = rates.truncation
        stepLimit = rates.stepLimit
        copied = rates.copied
        power = PairedPower.ofOne(problems.tallies).map { Power(least: $0.least, most: $0.most) }
    }

    /// Share of episodes that were left out because something outside the model failed, 0...1.
    public var failureRate: Double {
        failureCount == 0 ? 0 : Double(failureCount) / Double(failureCount + episodeCount)
    }

    /// Whether a limit of tokens, context or time cut the attempt's text off.
    ///
    /// An attempt that used up its model turns (`step_limit`) wrote each of them to its end.
    public static func isTruncated(_ outcome: EpisodeOutcome) -> Bool {
        switch outcome.finish {
        case .tokenLimit, .contextLimit, .timeLimit: true
        case .answer, .noAnswer, .stepLimit, .invalidCalls, .failure, .interrupted: false
        }
    }

    /// Whether an episode says something about the model.
    public static func counts(_ outcome: EpisodeOutcome) -> Bool {
        guard outcome.status == .completed else { return false }
        switch outcome.outcome {
        case .right, .wrong, .unparsed: return true
        case .goldUnparsed, .timeout, .error, .ungraded: return false
        }
    }

    /// The majority vote of one problem: 1 when right, 0 when wrong, a fraction on a tie.
    ///
    /// The class with most votes wins. Tie rule: the classes that share the lead share the vote,
    /// so the value is 1/m when one of m leading classes is right: the expectation of a fair draw,
    /// which does not depend on the order of samples. No votes at all is 0.
    ///
    /// - Parameter group: the counted episodes of one problem.
    /// - Returns: `0...1`.
    public static func majorityIsRight(_ group: [EpisodeOutcome]) -> Double {
        var votes: [String: (count: Int, isRight: Bool)] = [:]
        for episode in group where !episode.voteKey.isEmpty {
            let before = votes[episode.voteKey] ?? (0, false)
            votes[episode.voteKey] = (
                before.count + 1, before.isRight || episode.outcome == .right
            )
        }
        guard let most = votes.values.map(\.count).max() else { return 0 }
        let leaders = votes.values.filter { $0.count == most }
        return Double(leaders.count { $0.isRight }) / Double(leaders.count)
    }

    /// The k of pass@k and pass^k that are shown for `sampleCount` samples: powers of two, and all.
    public static func shownCounts(_ sampleCount: Int) -> [Int] {
        var counts: [Int] = []
        var k = 1
        while k < sampleCount {
            counts.append(k)
            k *= 2
        }
        return sampleCount > 0 ? counts + [sampleCount] : []
    }
}
