/// What the engine of one rank has been through.
public struct EngineStatistics: Sendable, Hashable {
    /// Starts of a server after the first, failed ones included.
    public var restartCount = 0
    /// Calls sent again.
    public var retryCount = 0
    /// Completions that ended well.
    public var callCount = 0
    /// The server's version; empty when it does not tell.
    public var version = ""
    /// The server's command line, without the program; empty when attached.
    public var flags: [String] = []
    /// Most tokens of prompt and completion together.
    public var maxModelLength = 0
    /// From the first start to the first token, seconds; 0 when attached.
    public var startSeconds = 0.0
    /// The distribution that log-probabilities are under.
    public var logProbabilityMode = LogProbabilityMode.unknown

    /// All zero.
    public init() {}
}
