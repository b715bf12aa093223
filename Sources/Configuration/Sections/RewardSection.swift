/// `reward`: what an attempt is worth in training; the weighted sum of its parts.
public struct RewardSection: Hashable, Sendable, Codable {
    /// Which tool calls count as using the tool.
    public enum ToolUse: String, Hashable, Sendable, Codable, NamedChoice {
        /// Any well-formed call.
        case anyCall = "any_call"
        /// A call that ran without an error.
        case successfulCall = "successful_call"
    }

    /// Weight of a right answer.
    public var accuracy = 0.1
    /// What a right answer that was copied from the statement counts, where another one counts 1; -1...1.
    public var copied = 0.0
    /// Weight of using the tool.
    public var toolUse = 1.0
    /// What counts as using the tool.
    public var toolUseMeans = ToolUse.anyCall
    /// Weight of the penalty for outputs near the token limit, which is in -1...0.
    public var length = 0.0
    /// Tokens below `agent.output_tokens` over which that penalty grows, 1 or more.
    public var softZoneTokens = 1_000

    /// All defaults.
    public init() {}
}

extension RewardSection: ConfigurationSection {
    static var initial: Self { Self() }

    static var keys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "accuracy",
                \.accuracy,
                must: .within(-1_000_000...1_000_000),
                "Weight of a right answer."
            ),
            ConfigurationKey(
                "copied",
                \.copied,
                must: .within(-1...1),
                "What a right answer that stands in the statement counts, in place of 1, before the "
                    + "weight reward.accuracy."
            ),
            ConfigurationKey(
                "tool_use",
                \.toolUse,
                must: .within(-1_000_000...1_000_000),
                "Weight of using the tool at least once."
            ),
            ConfigurationKey(
                "tool_use_means",
                \.toolUseMeans,
                "any_call: a well-formed call; successful_call: one that ran without an error."
            ),
            ConfigurationKey(
                "length",
                \.length,
                must: .within(0...1_000_000),
                "Weight of the penalty (0 to -1) for outputs near agent.output_tokens."
            ),
            ConfigurationKey(
                "soft_zone_tokens",
                \.softZoneTokens,
                must: .within(1...Limits.tokens),
                "Tokens below agent.output_tokens over which that penalty grows from 0 to -1."
            ),
        ]
    }
}
