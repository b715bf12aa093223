public import Logging

/// The supervised engine of one rank: a vLLM of our own, or a server that runs already.
///
/// A call waits through restarts: when the server exits, hangs or cuts the connection it is started
/// again, with a pause that grows, and the call goes on with the same ids. After too many restarts
/// in a row every call throws ``InferenceError/Cause/engineLost(_:)``.
public final class Engine: Sendable {
    private let supervisor: EngineSupervisor

    private init(_ supervisor: EngineSupervisor) { self.supervisor = supervisor }

    deinit {
        let supervisor = supervisor
        Task { await supervisor.stop() }
    }

    /// Starts or attaches to the server and waits until it has generated a token.
    ///
    /// - Throws: ``InferenceError``; after a failed start with the last lines of the server's log.
    public static func start(
        _ options: EngineOptions,
        logger: Logger
    ) async throws(InferenceError) -> Engine {
        let supervisor = EngineSupervisor(options, logger: logger)
        try await supervisor.start()
        return Engine(supervisor)
    }

    /// Token ids, with the number of times that they had to be asked for again.
    public struct Tokenized: Sendable, Hashable {
        /// The ids, shape `[T]`.
        public let ids: [Int32]
        /// Times the call was sent again, 0 or more.
        public let retryCount: Int

        init(_ answer: (value: [Int32], retryCount: Int)) {
            (ids, retryCount) = (answer.value, answer.retryCount)
        }
    }

    /// The ids of `messages` under the model's chat template, ready for the model's turn.
    public func promptIDs(
        _ messages: [ChatMessage],
        model: String? = nil
    ) async throws(InferenceError) -> Tokenized {
        Tokenized(
            try await supervisor.call { client throws(InferenceError) in
                try await client.promptIDs(messages, model: model)
            }
        )
    }

    /// The ids of `text` alone, without a beginning or end that the tokenizer might add.
    public func tokenIDs(
        _ text: String,
        model: String? = nil
    ) async throws(InferenceError) -> Tokenized {
        Tokenized(
            try await supervisor.call { client throws(InferenceError) in
                try await client.tokenIDs(text, model: model)
            }
        )
    }

    /// Draws the tokens that follow `ids`, however often the server must be started again.
    ///
    /// - Parameters:
    ///   - ids: the whole context, sent as it is. Shape `[P]`, `P >= 1`.
    ///   - parameters: how to draw.
    ///   - model: name of a loaded adapter; nil for the engine's own model.
    /// - Returns: what was drawn, with the number of times the call was sent again.
    /// - Throws: ``InferenceError`` when sending the call again cannot help, or did not.
    public func complete(
        _ ids: [Int32],
        _ parameters: SamplingParameters,
        model: String? = nil
    ) async throws(InferenceError) -> Completion {
        let start = ContinuousClock.now
        let result = try await supervisor.call(generates: true) { client throws(InferenceError) in
            try await client.complete(ids, parameters, model: model)
        }
        var completion = result.value
        completion.retryCount = result.retryCount
        completion.wallSeconds = (ContinuousClock.now - start).seconds
        return completion
    }

    /// Loads a LoRA adapter now and after every restart, until it is unloaded.
    ///
    /// - Parameters:
    ///   - name: one that was never used before in this run.
    ///   - path: the adapter's directory.
    /// - Throws: ``InferenceError`` when the server cannot load it.
    public func loadAdapter(name: String, path: String) async throws(InferenceError) {
        try await supervisor.loadAdapter(name: name, path: path)
    }

    /// Whether an adapter was loaded under this name and not unloaded.
    public func hasAdapter(name: String) async throws(InferenceError) -> Bool {
        await supervisor.hasAdapter(name: name)
    }

    /// Unloads an adapter that no call uses any more.
    public func unloadAdapter(name: String) async throws(InferenceError) {
        try await supervisor.unloadAdapter(name: name)
    }

    /// How busy the server is.
    public func metrics() async throws(InferenceError) -> EngineMetrics {
        try await supervisor.call { client throws(InferenceError) in
            try await client.metrics()
        }.value
    }

    /// The client of the server that runs now.
    ///
    /// - Throws: ``InferenceError/Cause/engineLost(_:)``.
    public var client: EngineClient {
        get async throws(InferenceError) { try await supervisor.serviceable().client }
    }

    /// What the engine has been through so far.
    public var statistics: EngineStatistics {
        get async { await supervisor.statistics }
    }

    /// Whether a server is in service now.
    public var isServing: Bool { get async { await supervisor.isServing } }

    /// Whether there will be none any more.
    public var isLost: Bool { get async { await supervisor.isLost } }

    /// Starts of a server after the first so far, failed ones included.
    public var restartCount: Int { supervisor.vitals.restartCount }

    /// Stops the server, if it is ours, with its whole process group, and ends all calls.
    public func stop() async { await supervisor.stop() }
}
