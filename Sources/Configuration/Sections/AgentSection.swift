/// `agent`: what one attempt may do.
public struct AgentSection: Hashable, Sendable, Codable {
    /// Whether snippets are run; without, the first turn is the attempt.
    public var enabled = true
    /// The prompt's text, with `{problem}` and optionally `{modules}` to fill in.
    public var promptPath = "configs/prompts/agent.txt"
    /// A system message before the prompt; nil for none.
    public var systemPrompt: String?
    /// Model turns of an attempt, 1 or more.
    public var stepLimit = 50
    /// Tokens sampled in one turn, 1 or more.
    public var turnTokens = 3_000
    /// Tokens sampled in one attempt, 1 or more.
    public var outputTokens = 20_000
    /// Tokens of tool output in one attempt, 1 or more.
    public var toolOutputTokens = 20_000
    /// Texts that end a turn and stay part of it, at most ``mostStops``.
    ///
    /// The defaults are the reference's but for its fifth, `Calling tools:`, which its library writes
    /// for the model, and which nothing writes here.
    public var stop = ["</tool_call>", "```\n", "<end_code>", "Observation:"]
    /// As many as vLLM's server takes with a request.
    static let mostStops = 4
    /// Invalid tool calls in a row that end an attempt, 1 or more.
    public var invalidCallLimit = 5
    /// Wall time of an attempt, seconds, above 0.
    public var episodeSeconds = 3_600.0

    /// All defaults.
    public init() {}
}

extension AgentSection: ConfigurationSection {
    static var initial: Self { Self() }

    static var keys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "enabled",
                \.enabled,
                "Run the model's snippets; false asks for one plain answer."
            ),
            ConfigurationKey(
                "prompt",
                \.promptPath,
                must: .notEmpty,
                "File with the prompt; {problem} and {modules} are filled in."
            ),
            ConfigurationKey(
                "system_prompt",
                \.systemPrompt,
                "A system message before the prompt; null for none."
            ),
            ConfigurationKey(
                "step_limit",
                \.stepLimit,
                must: .within(1...100_000),
                "Model turns of an attempt."
            ),
            ConfigurationKey(
                "turn_tokens",
                \.turnTokens,
                must: .within(1...Limits.tokens),
                "Tokens the model may write in one turn."
            ),
            ConfigurationKey(
                "output_tokens",
                \.outputTokens,
                must: .within(1...Limits.tokens),
                "Tokens the model may write in one attempt."
            ),
            ConfigurationKey(
                "tool_output_tokens",
                \.toolOutputTokens,
                must: .within(1...Limits.tokens),
                "Tokens of tool output in one attempt, which ends when there are more."
            ),
            ConfigurationKey(
                "stop",
                \.stop,
                must: .each(.notEmpty),
                "Texts that end a turn and stay part of it; in prose, and as words in a line of code, "
                    + "the model just goes on."
            ),
            ConfigurationKey(
                "invalid_call_limit",
                \.invalidCallLimit,
                must: .within(1...100_000),
                "Invalid tool calls in a row that end an attempt."
            ),
            ConfigurationKey(
                "episode_seconds",
                \.episodeSeconds,
                must: .above(0, upTo: Limits.seconds),
                "Wall-clock limit of an attempt, seconds."
            ),
        ]
    }
}
