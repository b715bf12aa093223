// Theory of operation. One server at a time is in service; it has a generation number. A call takes
// the server in service, and when it fails it reports with that number. The first report of a
// generation that turns out to be about the server, not the call, takes the server out of service
// and starts the next one; all calls wait for that and go on with the same ids. A watch does the
// same for servers that neither answer nor fail.

internal import HTTP
internal import Logging

/// Keeps one server in service.
actor EngineSupervisor {
    /// A server in service.
    struct Service: Sendable {
        let server: EngineServer
        let generation: Int
        let since: ContinuousClock.Instant
        var client: EngineClient { server.client }
    }

    private enum Phase {
        case starting
        case serving(Service)
        case lost(String)
    }

    let options: EngineOptions
    nonisolated let vitals = Vitals()
    private let logger: Logger
    private var phase = Phase.starting
    private var generation = 0
    private var restartsInRow = 0
    private var place: SocketPlace?
    var adapters: [(name: String, path: String)] = []
    private var waiting = WaitingCalls()
    private var restarting: Task<Void, Never>?
    private var watching: Task<Void, Never>?
    private var examination: (generation: Int, task: Task<String?, Never>)?
    private var recorded = EngineStatistics()

    init(_ options: EngineOptions, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    var statistics: EngineStatistics {
        var statistics = recorded
        statistics.callCount = vitals.doneCount
        statistics.retryCount = vitals.retryCount
        statistics.restartCount = vitals.restartCount
        return statistics
    }

    var isServing: Bool { if case .serving = phase { true } else { false } }

    var isLost: Bool { if case .lost = phase { true } else { false } }

    // MARK: Life

    func start() async throws(InferenceError) {
        let begin = ContinuousClock.now
        do throws(InferenceError.Cause) {
            if options.attach == nil {
                let claimed = try SocketPlace(runDirectory: options.runDirectory)
                try await claimed.claim()
                place = claimed
            }
        } catch {
            throw InferenceError(operation: "starting the engine", endpoint: nil, cause: error)
        }
        let server: EngineServer
        do throws(InferenceError) {
            server = try await nextServer()
        } catch {
            removePlace()
            throw error
        }
        if options.attach == nil {
            recorded.startSeconds = (ContinuousClock.now - begin).seconds
        }
        enterService(server)
        watching = Task { await self.watch() }
    }

    private func nextServer() async throws(InferenceError) -> EngineServer {
        let server: EngineServer
        if let endpoint = options.attach {
            server = try await EngineServer.attached(options, endpoint: endpoint)
        } else if let place {
            server = try await EngineServer.launched(options, place: place)
        } else {
            throw loss("it was stopped")
        }
        do throws(InferenceError) {
            for adapter in adapters {
                // An attached one may have only been away.
                try await Self.load(
                    adapter.name,
                    adapter.path,
                    into: server.client,
                    mayBeThere: options.attach != nil
                )
            }
        } catch {
            await server.stop()
            throw error
        }
        return server
    }

    private func enterService(_ server: EngineServer) {
        recorded.version = server.version
        recorded.flags = server.flags
        recorded.maxModelLength = server.card.maxModelLength
        recorded.logProbabilityMode = server.logProbabilityMode
        let service = Service(server: server, generation: generation, since: .now)
        phase = .serving(service)
        logger.info(
            "engine in service",
            metadata: [
                "endpoint": "\(server.client.endpoint)", "version": "\(server.version)",
                "generation": "\(generation)",
            ]
        )
        waiting.release(.success(service))
        server.whenEnded { [weak self, generation] exit in
            Task { await self?.noteEnd(ofGeneration: generation, exit) }
        }
    }

    private func noteEnd(ofGeneration ended: Int, _ exit: String) {
        guard case .serving(let service) = phase, service.generation == ended else { return }
        beginRestart(of: service, "the server ended with \(exit)")
    }

    func stop() async {
        watching?.cancel()
        restarting?.cancel()
        let serving: EngineServer? =
            if case .serving(let service) = phase { service.server } else { nil }
        lose("it was stopped")
        await serving?.stop()
        await restarting?.value
        removePlace()
    }

    private func removePlace() {
        if let failure = place?.remove() {
            logger.debug("socket directory left behind", metadata: ["cause": "\(failure)"])
        }
        place = nil
    }

    // MARK: Waiting for service

    /// The server in service, after waiting for one where that is needed.
    func serviceable() async throws(InferenceError) -> Service {
        switch phase {
        case .serving(let service): return service
        case .lost(let reason): throw loss(reason)
        case .starting: break
        }
        let ticket = waiting.ticket()
        let outcome: WaitingCalls.Outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(returning: WaitingCalls.cancelled)
                } else {
                    waiting.add(ticket, continuation)
                }
            }
        } onCancel: {
            Task { await self.cancelWait(ticket) }
        }
        return try outcome.get()
    }

    private func cancelWait(_ ticket: Int) { waiting.cancel(ticket) }

    private func loss(_ reason: String) -> InferenceError {
        InferenceError(
            operation: "calling the engine",
            endpoint: options.attach,
            cause: .engineLost(reason)
        )
    }

    private func lose(_ reason: String) {
        if case .lost = phase { return }
        phase = .lost(reason)
        waiting.release(.failure(loss(reason)))
    }

    // MARK: Failure

    /// Whether a failure of a call to `service` is the server's; then the next one is started.
    ///
    /// - Returns: whether the call can wait for another server.
    func takesBlame(_ service: Service, for error: InferenceError) async -> Bool {
        guard service.generation == generation, case .serving = phase else { return true }
        switch error.cause {
        case .unreachable, .timedOut, .cut, .transport: break
        case .status(let code, _) where code >= 500: break
        default: return false
        }
        guard let reason = await examined(service) else { return false }
        beginRestart(of: service, "\(reason), after: \(error.cause)")
        return true
    }

    /// Asks the server whether it is well; many calls that fail together ask once.
    ///
    /// - Returns: what is wrong with it, or nil.
    private func examined(_ service: Service) async -> String? {
        if let running = examination, running.generation == service.generation {
            return await running.task.value
        }
        let (vitals, timeout) = (vitals, options.probeTimeout)
        let task = Task { await service.server.illness(vitals: vitals, timeout: timeout) }
        examination = (service.generation, task)
        let reason = await task.value
        if examination?.generation == service.generation { examination = nil }
        return reason
    }

    private func beginRestart(of service: Service, _ reason: String) {
        guard service.generation == generation, case .serving = phase else { return }
        generation += 1
        phase = .starting
        service.server.http.close()
        if ContinuousClock.now - service.since > options.stableDuration { restartsInRow = 0 }
        restarting = Task { await self.restart(after: service.server, reason) }
    }

    private func restart(after old: EngineServer, _ firstReason: String) async {
        // Here and not where attempts run: the log may lie on a slow file system.
        var metadata: Logger.Metadata = ["reason": "\(firstReason)"]
        if let lines = old.log?.lines(5), !lines.isEmpty {
            metadata["log"] = "\(lines.joined(separator: " | "))"
        }
        logger.warning("engine out of service", metadata: metadata)
        var reason = firstReason
        await old.stop()
        while restartsInRow < options.restartLimit {
            restartsInRow += 1
            vitals.noteRestart()
            do throws(InferenceError) {
                try await EngineServer.pause(
                    Self.pause(beforeRestart: restartsInRow, first: options.restartPause)
                )
                let server = try await nextServer()
                guard case .starting = phase else {
                    await server.stop()
                    return
                }
                enterService(server)
                return
            } catch {
                if case .cancelled = error.cause { return }
                reason = "\(error)"
                logger.warning("engine restart failed", metadata: ["cause": "\(error)"])
            }
        }
        lose("\(options.restartLimit) restarts did not help; the last failure was: \(reason)")
        logger.error("engine lost", metadata: ["reason": "\(reason)"])
    }

    /// How long to wait before a restart, counted from 1: each time twice as long, a minute at most.
    static func pause(beforeRestart number: Int, first: Duration) -> Duration {
        min(.seconds(60), first * (1 << min(number - 1, 16)))
    }

    // MARK: Watch

    /// Looks for servers that make no progress, until the engine is stopped.
    private func watch() async {
        var pulse = Pulse()
        while !Task.isCancelled {
            do throws(InferenceError) {
                try await EngineServer.pause(options.stallTimeout / 8)
            } catch { return }
            guard case .serving(let service) = phase,
                await pulse.isStalled(service, vitals: vitals, options: options)
            else { continue }
            if let reason = await examined(service) {
                beginRestart(of: service, "\(reason), after no progress for \(pulse.silence)")
            } else {
                pulse.noteProgress()
            }
        }
    }
}
