/// The limits of one attempt.
///
/// Defaults are the reference's for an evaluation.
public struct AgentRules: Hashable, Sendable {
    /// Whether snippets are run; without, an attempt is one model turn.
    public var isAgent: Bool
    /// Model turns.
    public var stepLimit: Int
    /// Sampled tokens in one turn.
    public var turnTokens: Int
    /// Sampled tokens in all.
    public var outputTokens: Int
    /// Tokens of tool output in all.
    public var toolOutputTokens: Int
    /// Invalid calls in a row that end the attempt.
    public var invalidCallLimit: Int
    /// Strings that end a model turn and stay part of it; vLLM's server takes four at most.
    public var stop: [String]
    /// Tokens the engine can hold for one request: prompt and output.
    public var contextTokens: Int

    /// Limits; every number is at least 1.
    public init(
        isAgent: Bool = true,
        stepLimit: Int = 50,
        turnTokens: Int = 3000,
        outputTokens: Int = 20_000,
        toolOutputTokens: Int = 20_000,
        invalidCallLimit: Int = 5,
        stop: [String] = ["</tool_call>", "```\n", "<end_code>", "Observation:"],
        contextTokens: Int
    ) {
        precondition(
            [stepLimit, turnTokens, outputTokens, toolOutputTokens, invalidCallLimit]
                .allSatisfy { $0 >= 1 } && contextTokens >= 1,
            "a limit is at least 1"
        )
        self.isAgent = isAgent
        self.stepLimit = stepLimit
        self.turnTokens = turnTokens
        self.outputTokens = outputTokens
        self.toolOutputTokens = toolOutputTokens
        self.invalidCallLimit = invalidCallLimit
        self.stop = stop
        self.contextTokens = contextTokens
    }
}
