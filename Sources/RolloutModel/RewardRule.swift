// What an episode is worth in training. A part more is one more weight here and one more field in
// RewardParts, which has a column of its own in the traces: `parts(of:)` is the place to compute it.

/// A weighted sum of reward parts.
public struct RewardRule: Hashable, Sendable {
    /// Which tool calls earn the part for using the tool.
    public enum ToolUse: String, Sendable, CaseIterable {
        /// Any well-formed call whose snippet was run.
        case anyCall = "any_call"
        /// A call whose snippet ran without an error.
        case successfulCall = "successful_call"
    }

    /// Weight of a right answer.
    public let accuracy: Double
    /// What the accuracy part is, in place of 1, when the right answer was copied from the statement
    /// (``CopiedAnswer``), -1...1.
    public let copied: Double
    /// Weight of using the tool.
    public let toolUse: Double
    /// Weight of the length part, which is a penalty.
    public let length: Double
    /// What counts as using the tool.
    public let toolUseMeans: ToolUse
    /// Output length from which nothing but the full penalty is left, tokens.
    public let lengthLimit: Int
    /// Tokens below ``lengthLimit`` over which the penalty grows from none to full.
    public let softZone: Int

    /// A rule; at least one weight is not zero, and `0 < softZone <= lengthLimit`.
    public init(
        accuracy: Double,
        copied: Double = 0,
        toolUse: Double,
        length: Double,
        toolUseMeans: ToolUse,
        lengthLimit: Int,
        softZone: Int
    ) {
        precondition([accuracy, toolUse, length].contains { $0 != 0 }, "a reward has a part")
        precondition(0 < softZone && softZone <= lengthLimit, "the zone lies below the limit")
        self.accuracy = accuracy
        self.copied = copied
        self.toolUse = toolUse
        self.length = length
        self.toolUseMeans = toolUseMeans
        self.lengthLimit = lengthLimit
        self.softZone = softZone
    }

    /// The parts of an episode, before their weights.
    ///
    /// Accuracy is 1 for a right answer, ``copied`` for a right answer that was copied, and 0 else. Tool
    /// use is 0 or 1. Length is in -1...0: no penalty up to the soft zone, linear
    /// through it, full beyond the limit (Yu et al., DAPO, arXiv:2503.14476, section 3.4).
    public func parts(of episode: Episode) -> RewardParts {
        let usesTool =
            switch toolUseMeans {
            case .anyCall: !episode.toolCalls.isEmpty
            case .successfulCall: episode.toolCalls.contains { $0.status == "ok" }
            }
        let excess = episode.outputTokenCount - (lengthLimit - softZone)
        return RewardParts(
            accuracy: accuracyPart(of: episode),
            toolUse: usesTool ? 1 : 0,
            length: length == 0 ? 0 : -min(1, max(0, Double(excess) / Double(softZone)))
        )
    }

    private func accuracyPart(of episode: Episode) -> Double {
        guard episode.grade.outcome == .right else { return 0 }
        return episode.isCopiedFromStatement ? copied : 1
    }

    /// The episode with its parts and their weighted sum.
    public func applied(to episode: Episode) -> Episode {
        var rewarded = episode
        let parts = parts(of: episode)
        rewarded.rewardParts = parts
        rewarded.reward =
            accuracy * parts.accuracy + toolUse * parts.toolUse + length * parts.length
        return rewarded
    }
}
