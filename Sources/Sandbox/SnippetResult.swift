/// How a snippet ended.
public enum SnippetStatus: String, Sendable, CaseIterable {
    /// It ran to its end.
    case ok
    /// It raised an exception that nothing caught.
    case exception
    /// Its processor time was over, or the wider limit on the wall clock.
    case timeout
    /// It wanted more memory than allowed.
    case memory
    /// It printed more than is ever kept, and was stopped.
    case outputLimit = "output_limit"
    /// It imported a module that is not on the list.
    case refused
    /// Its interpreter died: a crash, an exit behind Python's back, a forbidden system call.
    case died
}

/// What running one snippet gave.
public struct SnippetResult: Sendable {
    /// How it ended.
    public let status: SnippetStatus
    /// What it printed, its last expression's value, and what went wrong; at most the configured
    /// number of bytes.
    public let output: String
    /// Wall-clock seconds, including those of a fork when one was needed.
    public let seconds: Double
    /// Seconds of processor time; when the process has ended, up to the last look at it.
    public let processorSeconds: Double
    /// Largest resident memory of the session's process until now, in bytes, with what it shares;
    /// after snippets of less than a millisecond together it may be some ten megabytes behind, and it
    /// is 0 when the system does not tell.
    public let peakBytes: Int
    /// Whether the variables of the session's earlier snippets are gone.
    public let stateLost: Bool

    /// - Parameters:
    ///   - status: how it ended.
    ///   - output: what it printed and what went wrong.
    ///   - seconds: wall clock.
    ///   - processorSeconds: processor time.
    ///   - peakBytes: largest resident memory.
    ///   - stateLost: whether earlier variables are gone.
    public init(
        status: SnippetStatus,
        output: String,
        seconds: Double,
        processorSeconds: Double,
        peakBytes: Int,
        stateLost: Bool
    ) {
        self.status = status
        self.output = output
        self.seconds = seconds
        self.processorSeconds = processorSeconds
        self.peakBytes = peakBytes
        self.stateLost = stateLost
    }
}
