/// What the scripted engine pretends to be.
public struct ScriptedEngineOptions: Sendable {
    /// Name of the model.
    public var model = "scripted"
    /// Names of adapters served from the beginning.
    public var adapters: [String] = []
    /// Most tokens of prompt and completion together.
    public var maxModelLength = 4096
    /// Largest rank of an adapter it takes.
    public var maxAdapterRank = 16
    /// Tokens that the simulated KV cache holds.
    public var cacheTokenCount = 100_000
    /// How long it takes; nil: it answers at once.
    public var latency: LatencyModel?
    /// What goes wrong from the beginning.
    public var faults: [PlannedFault] = []
    /// What its model says.
    public var script: Script = Scripts.babble()

    /// An engine that answers at once and does nothing wrong.
    public init() {}
}

/// What the scripted engine has seen.
public struct ScriptedEngineRecord: Sendable {
    /// Completion calls, in order of arrival, those that a fault befell included.
    public var calls: [CompletionCall] = []
    /// Requests by path.
    public var requestCounts: [String: Int] = [:]
    /// Requests whose client went away before the answer.
    public var abortedCount = 0
    /// Most connections open at once.
    public var mostConnections = 0
    /// Most completions in work at once.
    public var mostRunning = 0
    /// Tokens returned.
    public var generatedTokenCount = 0
    /// Adapters loaded since the beginning, in order.
    public var loadedAdapters: [String] = []
}
