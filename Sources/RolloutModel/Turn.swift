/// One message of a trajectory: a slice of its ids, with the text they stand for.
public struct Turn: Hashable, Sendable {
    /// Who wrote a turn.
    public enum Role: String, Sendable, CaseIterable {
        /// The chat-templated problem.
        case prompt
        /// Sampled from the model.
        case model
        /// What a snippet printed, as the program put it into the context.
        case tool
    }

    /// Who wrote it.
    public let role: Role
    /// The slice of the trajectory's ids.
    public let tokens: Range<Int>
    /// The text, UTF-8.
    ///
    /// For a model turn: the server's decoding of the sampled ids.
    public let text: String
    /// Wall time this turn took to produce (engine or interpreter), seconds.
    public let wallSeconds: Double
    /// Why sampling ended (`stop`, `length`, ...), as the server says; empty for other roles.
    public let stopReason: String

    /// A turn over `tokens` of its trajectory.
    public init(
        role: Role,
        tokens: Range<Int>,
        text: String,
        wallSeconds: Double,
        stopReason: String = ""
    ) {
        self.role = role
        self.tokens = tokens
        self.text = text
        self.wallSeconds = wallSeconds
        self.stopReason = stopReason
    }
}
