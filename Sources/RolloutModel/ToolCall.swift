/// One snippet that the model wrote and the sandbox ran.
public struct ToolCall: Hashable, Sendable {
    /// Index of the model turn, in the trajectory's turns, that holds the snippet.
    public let turnIndex: Int
    /// Python source as extracted from the turn.
    public let code: String
    /// What was put into the context: printed text, echoed value, or the exception.
    public let output: String
    /// The sandbox's verdict: `ok`, `exception`, `timeout`, `memory`, `output_limit`, `refused`,
    /// `died`.
    public let status: String
    /// Wall time in the interpreter, seconds.
    public let wallSeconds: Double
    /// Peak memory of the interpreter's own, bytes.
    public let peakBytes: Int

    /// A finished call.
    public init(
        turnIndex: Int,
        code: String,
        output: String,
        status: String,
        wallSeconds: Double,
        peakBytes: Int
    ) {
        self.turnIndex = turnIndex
        self.code = code
        self.output = output
        self.status = status
        self.wallSeconds = wallSeconds
        self.peakBytes = peakBytes
    }
}
