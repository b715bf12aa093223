/// The numbers of a finished or running evaluation.
///
/// Rates are means over problems of the rate within the problem, so that a problem with a lost
/// sample weighs as much as the others. An episode whose status is not `completed`, or whose
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
    /// Unbiased estimate of pass@k for k = 1...sampleCount; shape `[sampleCount]`, each 0...1.
    public let passAt: [Double]
    /// Mean sampled tokens per counted episode.
    public let meanOutputTokens: Double
    /// Mean snippets per counted episode.
    public let meanToolCalls: Double
    /// Share of counted episodes cut by a token, step, context or time limit, 0...1.
    public let truncation: Double

    /// Statistics of `outcomes`, in any order, each attempt at most once.
    public init(_ outcomes: [EpisodeOutcome]) {
        let counted = outcomes.filter(Self.counts)
        let groups = Dictionary(grouping: counted, by: \.task.problem)
            .sorted { $0.key < $1.key }.map { $0.value.sorted { $0.task < $1.task } }
        problemCount = groups.count
        let largest = groups.map(\.count).max() ?? 0
        sampleCount = largest
        episodeCount = counted.count
        failureCount = outcomes.count - counted.count
        accuracy = Self.mean(
            groups.map { Double($0.count { $0.outcome == .right }) / Double($0.count) }
        )
        majority = Self.mean(groups.map(Self.majorityIsRight))
        passAt = (0..<largest).map { index in
            Self.mean(
                groups.map { group in
                    Self.passAt(
                        min(index + 1, group.count),
                        right: group.count { $0.outcome == .right },
                        of: group.count
                    )
                }
            )
        }
        meanOutputTokens = Self.mean(counted.map { Double($0.outputTokenCount) })
        meanToolCalls = Self.mean(counted.map { Double($0.toolCallCount) })
        truncation = Self.mean(counted.map { Self.isTruncated($0) ? 1 : 0 })
    }

    /// Share of episodes that were left out because something outside the model failed, 0...1.
    public var failureRate: Double {
        failureCount == 0 ? 0 : Double(failureCount) / Double(failureCount + episodeCount)
    }

    /// Whether a limit of tokens, steps, context or time cut the attempt.
    public static func isTruncated(_ outcome: EpisodeOutcome) -> Bool {
        switch outcome.finish {
        case .tokenLimit, .stepLimit, .contextLimit, .timeLimit: true
        case .answer, .noAnswer, .invalidCalls, .failure, .interrupted: false
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

    /// Unbiased pass@k of one problem: `1 - C(n - c, k) / C(n, k)`.
    ///
    /// - Parameters:
    ///   - k: draws, `1...total`.
    ///   - right: c, right samples.
    ///   - total: n, samples.
    /// - Returns: `0...1`.
    /// - SeeAlso: Chen et al., arXiv:2107.03374, section 2.1.
    public static func passAt(_ k: Int, right: Int, of total: Int) -> Double {
        precondition(k >= 1 && k <= total && right <= total, "1 <= k <= n and c <= n")
        guard total - right >= k else { return 1 }
        var missAll = 1.0
        for index in 0..<k {
            missAll *= Double(total - right - index) / Double(total - index)
        }
        return 1 - missAll
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
}
