internal import HTTP
internal import Logging
internal import Sandbox

/// One server from its start to its end: a vLLM process of ours, or one that we only talk to.
///
/// It has an HTTP client of its own, so that closing that ends all calls to this server at once,
/// even where the server cannot be killed.
struct EngineServer: Sendable {
    let client: EngineClient
    let http: HTTPClient
    let card: EngineClient.ModelCard
    let version: String
    let flags: [String]
    let logProbabilityMode: LogProbabilityMode
    let log: LogTail?
    private let process: GuardedProcess?

    /// How the process ended; nil while it runs, and always for a server that is not ours.
    var processExit: String? { process?.exitStatus().map { "\($0)" } }

    /// Calls `handler` with how the process ended, on whatever thread notices that; never for a server
    /// that is not ours.
    ///
    /// A handler that holds this server keeps its process until it has ended.
    func whenEnded(_ handler: @escaping @Sendable (String) -> Void) {
        guard let process else { return }
        process.whenEnded { exit in handler("\(exit)") }
    }

    /// Ends all calls, and the process with everything it has started.
    func stop() async {
        http.close()
        if let process { await Self.end(process) }
    }

    /// Ends `process`, and waits for that even when the task is cancelled.
    private static func end(_ process: GuardedProcess) async {
        await Task { await process.stopAsync() }.value
    }

    // MARK: Starting

    /// Starts a server and waits until it has generated a token.
    static func launched(
        _ options: EngineOptions,
        place: SocketPlace
    ) async throws(InferenceError) -> EngineServer {
        let endpoint = EngineEndpoint.unixSocket(path: place.path)
        let operation = "starting the engine"
        let plan: LaunchPlan
        let process: GuardedProcess
        let http: HTTPClient
        let log = LogTail(path: options.logPath)
        do throws(InferenceError.Cause) {
            plan = try LaunchPlan(options, socketPath: place.path)
            try place.removeSocket()
            http = try makeHTTP(for: endpoint)
            process = try makeProcess(options, plan)
        } catch {
            throw InferenceError(operation: operation, endpoint: nil, cause: error)
        }
        let client = EngineClient(
            endpoint: endpoint,
            model: options.servedName,
            http: http,
            requestTimeout: options.requestTimeout
        )
        do throws(InferenceError) {
            try await becomeReady(client, process: process, place: place, options: options)
            return EngineServer(
                client: client,
                http: http,
                card: try await client.modelCard(),
                version: try await client.version(),
                flags: plan.arguments,
                logProbabilityMode: plan.logProbabilityMode,
                log: log,
                process: process
            )
        } catch {
            http.close()
            await end(process)
            if case .cancelled = error.cause { throw error }
            throw InferenceError(
                operation: operation,
                endpoint: endpoint,
                cause: .startFailed(
                    reason: "\(error.cause)",
                    log: log.lines(options.logTailLines)
                )
            )
        }
    }

    /// On the thread that watches interpreters and graders, so that an attempt can stay on one thread;
    /// but libcurl may wait for a name server, which must hold up nobody else.
    static func makeHTTP(
        for endpoint: EngineEndpoint
    ) throws(InferenceError.Cause) -> HTTPClient {
        do {
            if endpoint.isNamed { return try HTTPClient() }
            let loop = try EventLoop.shared()
            return try HTTPClient { try loop.serve($0, turn: $1) }
        } catch {
            throw .transport("\(error)")
        }
    }

    /// Of an engine that computes on the cores: a snippet takes milliseconds of a core, and seconds when
    /// it has to share it with the engine, which then works for fewer attempts at a time.
    private static let niceness = 5

    private static func makeProcess(
        _ options: EngineOptions,
        _ plan: LaunchPlan
    ) throws(InferenceError.Cause) -> GuardedProcess {
        do {
            return try GuardedProcess(
                GuardedProcess.Options(
                    executable: options.python,
                    arguments: plan.arguments,
                    environment: plan.environment,
                    logPath: options.logPath,
                    grace: options.stopGrace,
                    niceness: options.computesOnCores ? niceness : 0
                )
            )
        } catch {
            throw .startFailed(reason: "'\(options.python)' cannot be started: \(error)", log: [])
        }
    }

    private static func becomeReady(
        _ client: EngineClient,
        process: GuardedProcess,
        place: SocketPlace,
        options: EngineOptions
    ) async throws(InferenceError) {
        let deadline = ContinuousClock.now + options.readyTimeout
        var hasSocket = false
        while true {
            if let exit = process.exitStatus() {
                throw InferenceError(
                    operation: "start",
                    endpoint: client.endpoint,
                    cause: .startFailed(reason: "the server ended with \(exit)", log: [])
                )
            }
            let remaining = deadline - ContinuousClock.now
            guard remaining > .zero else {
                throw InferenceError(
                    operation: "start",
                    endpoint: client.endpoint,
                    cause: .timedOut("it was not ready within \(options.readyTimeout)")
                )
            }
            if !hasSocket { hasSocket = place.closeToOthers() }
            if hasSocket, try await isHealthy(client) {
                // Being healthy is not being able to generate: the model has not run so far.
                try await client.probe(timeout: remaining)
                return
            }
            try await pause(.milliseconds(100))
        }
    }

    private static func isHealthy(_ client: EngineClient) async throws(InferenceError) -> Bool {
        do throws(InferenceError) {
            try await client.health()
            return true
        } catch {
            if case .cancelled = error.cause { throw error }
            return false
        }
    }

    /// Sleeps, and throws when the task is cancelled.
    static func pause(_ duration: Duration) async throws(InferenceError) {
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw InferenceError(
                operation: "waiting for the engine",
                endpoint: nil,
                cause: .cancelled
            )
        }
    }

    // MARK: Attaching

    /// Waits until the server at `endpoint` generates a token.
    static func attached(
        _ options: EngineOptions,
        endpoint: EngineEndpoint
    ) async throws(InferenceError) -> EngineServer {
        let deadline = ContinuousClock.now + options.readyTimeout
        while true {
            let http: HTTPClient
            do throws(InferenceError.Cause) {
                http = try makeHTTP(for: endpoint)
            } catch {
                throw InferenceError(operation: "attaching", endpoint: endpoint, cause: error)
            }
            let client = EngineClient(
                endpoint: endpoint,
                model: options.servedName,
                http: http,
                requestTimeout: options.requestTimeout
            )
            do throws(InferenceError) {
                let card = try await client.modelCard()
                try await client.probe(timeout: options.probeTimeout)
                return EngineServer(
                    client: client,
                    http: http,
                    card: card,
                    version: try await version(client),
                    flags: [],
                    logProbabilityMode: .unknown,
                    log: nil,
                    process: nil
                )
            } catch {
                http.close()
                guard error.isRetryable, ContinuousClock.now < deadline else { throw error }
            }
            try await pause(.milliseconds(500))
        }
    }

    /// The version, where the server has a word for it.
    private static func version(_ client: EngineClient) async throws(InferenceError) -> String {
        do throws(InferenceError) {
            return try await client.version()
        } catch {
            switch error.cause {
            case .status, .missingField, .invalidJSON: return ""
            default: throw error
            }
        }
    }
}
