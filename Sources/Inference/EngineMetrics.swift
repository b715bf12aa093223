/// How busy a server is, from its `/metrics`.
public struct EngineMetrics: Sendable, Hashable {
    /// Requests being worked on.
    public var runningCount = 0
    /// Requests waiting for a place.
    public var waitingCount = 0
    /// Share of the KV cache in use, 0...1.
    public var cacheUse = 0.0
    /// Requests put back because the KV cache was full, since the server started.
    public var preemptionCount = 0
    /// Tokens generated since the server started.
    public var generatedTokenCount = 0
    /// Prompt tokens processed since the server started.
    public var promptTokenCount = 0

    /// All zero.
    public init() {}
}
