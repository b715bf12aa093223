import CSandboxShim
import Glibc
import Synchronization

/// The sandbox of one rank: a warm interpreter and the sessions that are forked from it.
///
/// A session is one process that holds one episode's variables. The pool keeps a zygote running:
/// it starts another when it dies, and moves on to a fresh one when it has grown. The session
/// processes of a zygote end with it, and all of it ends with this process.
public final class SandboxPool: Sendable {
    private struct State {
        var zygote: Zygote?
        var isReady = false
        /// Zygotes that take no new sessions and live until their last one has ended.
        var retiring: [ObjectIdentifier: Zygote] = [:]
        var homes: [UInt64: ObjectIdentifier] = [:]
        var channels: [UInt64: SessionChannel] = [:]
        var waitingForZygote: [(WireFormat.ForkRequest, SessionChannel)] = []
        var enforcement: SandboxEnforcement?
        var failure: SandboxError?
        var isShutDown = false
        var failuresInARow = 0
        var initialSizeBytes: UInt64?
        var nextIdentifier: UInt64 = 1
        var openCount = 0
        var waiters: [(number: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
        var waiterCount: UInt64 = 0
    }

    private static let allowedFailuresInARow = 5

    /// Whether no session can be opened any more, so that the rank gives its work back.
    public var isLost: Bool { state.withLock { $0.failure != nil && !$0.isShutDown } }

    let configuration: SandboxConfiguration
    let loop: EventLoop
    private let sessionLimit: Int
    private let controlGroup: ControlGroup?
    private let state = Mutex(State())

    /// Starts the interpreter and waits until it is ready, which takes some seconds.
    ///
    /// - Parameters:
    ///   - configuration: limits, modules, and which locks must be in force.
    ///   - sessionLimit: sessions open at the same time.
    /// - Throws: ``SandboxError`` with what to do about it when the boundary, a required lock or
    ///   the interpreter cannot be had.
    public init(configuration: SandboxConfiguration, sessionLimit: Int) throws {
        precondition(sessionLimit > 0, "a pool has room for at least one session")
        for name in configuration.require where !SandboxEnforcement.lockNames.contains(name) {
            throw SandboxError.unknownRequirement(
                name: name,
                known: SandboxEnforcement.lockNames
            )
        }
        self.configuration = configuration
        self.sessionLimit = sessionLimit
        controlGroup = ControlGroup(
            // A zygote and its successor need less than the last term.
            memoryBytes: sessionLimit * configuration.memoryLimitBytes + (1 << 30),
            processLimit: sessionLimit + 16,
            places: configuration.controlGroupPlaces ?? ControlGroup.ownPlaces(),
            controller: configuration.controlGroupController
        )
        do {
            loop = try EventLoop.shared()
            try DescriptorLimit.raise(toHold: 3 * sessionLimit + 64)
        } catch {
            throw SandboxError.system(error)
        }
        let firstOutcome = OneShotEvent()
        try startZygote(firstOutcome)
        let isSettled = firstOutcome.wait(for: configuration.startTimeout)
        do {
            try checkStart(isSettled)
        } catch {
            shutdown()
            throw error
        }
    }

    private func checkStart(_ isSettled: Bool) throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            guard isSettled, let enforcement = state.enforcement else {
                throw SandboxError.startTimedOut(seconds: configuration.startTimeout.inSeconds)
            }
            try check(enforcement)
        }
    }

    private func check(_ enforcement: SandboxEnforcement) throws {
        let missing = enforcement.locks.filter {
            !$0.isInForce && configuration.require.contains($0.name)
        }
        guard missing.isEmpty else {
            throw SandboxError.requirementMissing(
                names: missing.map(\.name),
                report: enforcement.summary
            )
        }
    }

    /// What is in force around the interpreter.
    public var enforcement: SandboxEnforcement {
        state.withLock { $0.enforcement } ?? SandboxEnforcement(bits: 0, landlockABI: 0)
    }

    /// Opens a session, waiting for a free place; its process is forked by the first snippet.
    ///
    /// - Parameter seed: of everything random in the session.
    /// - Returns: a session with no variables.
    /// - Throws: ``SandboxError/closed`` after ``shutdown()``, or `CancellationError`.
    public func openSession(seed: UInt64) async throws -> SandboxSession {
        let number = state.withLock { state in
            state.waiterCount += 1
            return state.waiterCount
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                let verdict: Result<Void, any Error>? = state.withLock { state in
                    if state.isShutDown { return .failure(state.failure ?? SandboxError.closed) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.openCount < sessionLimit {
                        state.openCount += 1
                        return .success(())
                    }
                    state.waiters.append((number, continuation))
                    return nil
                }
                if let verdict { continuation.resume(with: verdict) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.number == number }.map {
                    state.waiters.remove(at: $0)
                }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
        return SandboxSession(pool: self, seed: seed)
    }

    /// Ends every session and the interpreter; returns when their processes are reaped.
    public func shutdown() {
        let (zygotes, waiters, channels) = state.withLock { state in
            state.isShutDown = true
            let zygotes = Array(state.retiring.values) + (state.zygote.map { [$0] } ?? [])
            defer {
                state.zygote = nil
                state.retiring = [:]
                state.waiters = []
                state.channels = [:]
                state.homes = [:]
                state.waitingForZygote = []
            }
            return (
                zygotes, state.waiters,
                Array(state.channels.values)
                    + state.waitingForZygote.map(\.1)
            )
        }
        for waiter in waiters { waiter.continuation.resume(throwing: SandboxError.closed) }
        for channel in channels { channel.end(because: .closed) }
        for zygote in zygotes { zygote.stop() }
        for channel in channels { channel.processEnded(nil, peakBytes: 0) }
        controlGroup?.remove()
    }

    /// The process identifier of the current zygote's guard; for tests.
    var guardIdentifier: Int32? { state.withLock { $0.zygote?.guardIdentifier } }

    /// What the current zygote had of its own at its first fork, in bytes; for tests.
    var zygoteBytes: UInt64? { state.withLock { $0.initialSizeBytes } }

    // MARK: For sessions

    /// A session's place is free again.
    func releasePlace() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            if state.waiters.isEmpty {
                state.openCount -= 1
                return nil
            }
            return state.waiters.removeFirst().continuation
        }
        next?.resume()
    }

    /// Forks a process for a channel, now or as soon as an interpreter is ready.
    ///
    /// - Throws: when the pool is shut down or cannot start an interpreter any more.
    func fork(_ channel: SessionChannel, seed: UInt64) throws {
        let (request, zygote) = try state.withLock {
            state throws -> (WireFormat.ForkRequest, Zygote?) in
            if let failure = state.failure { throw failure }
            if state.isShutDown { throw SandboxError.closed }
            let request = WireFormat.ForkRequest(
                identifier: state.nextIdentifier,
                seed: seed,
                memoryBytes: UInt64(configuration.memoryLimitBytes),
                cpuSeconds: configuration.sessionSeconds
            )
            state.nextIdentifier += 1
            guard state.isReady, let zygote = state.zygote else {
                state.waitingForZygote.append((request, channel))
                return (request, nil)
            }
            Self.settle(&state, request, channel, zygote)
            return (request, zygote)
        }
        zygote.map { channel.request(request, from: $0) }
    }

    private static func settle(
        _ state: inout State,
        _ request: WireFormat.ForkRequest,
        _ channel: SessionChannel,
        _ zygote: Zygote
    ) {
        state.channels[request.identifier] = channel
        state.homes[request.identifier] = ObjectIdentifier(zygote)
    }

    // MARK: The zygote

    private func startZygote(_ firstOutcome: OneShotEvent? = nil) throws {
        let zygote = try Zygote(configuration, loop: loop, controlGroup: controlGroup?.path) {
            [weak self] zygote, event in
            self?.handle(event, from: zygote)
            switch event {
            case .ready, .gone: firstOutcome?.signal()
            case .forked, .ended: break
            }
        }
        state.withLock { state in
            state.zygote = zygote
            state.isReady = false
            state.initialSizeBytes = nil
        }
        try zygote.startReporting()
        _ = loop.schedule(at: .now + configuration.startTimeout) { [weak self, weak zygote] in
            guard let self, let zygote else { return }
            let isLate = state.withLock { $0.zygote === zygote && !$0.isReady }
            if isLate { zygote.abandon() }
        }
    }

    private func handle(_ event: Zygote.Event, from zygote: Zygote) {
        switch event {
        case .ready(let enforcement): becameReady(zygote, enforcement)
        case .forked(let identifier, let process, let errorNumber, let privateBytes):
            let channel = state.withLock { $0.channels[identifier] }
            channel?.processStarted(
                process,
                errorNumber: errorNumber,
                sharedBytes: Int(clamping: privateBytes)
            )
            retireIfGrown(zygote, privateBytes)
            if errorNumber != 0 { forget(identifier) }
        case .ended(let identifier, let exit, let peakBytes):
            let channel = forget(identifier)
            channel?.processEnded(exit, peakBytes: peakBytes)
            endIfRetired(zygote)
        case .gone(let reason): disappeared(zygote, reason)
        }
    }

    @discardableResult
    private func forget(_ identifier: UInt64) -> SessionChannel? {
        state.withLock { state in
            state.failuresInARow = 0
            state.homes[identifier] = nil
            return state.channels.removeValue(forKey: identifier)
        }
    }

    private func becameReady(_ zygote: Zygote, _ enforcement: SandboxEnforcement) {
        // It is ready once; whatever it says later is not what it started with.
        guard state.withLock({ $0.zygote === zygote && !$0.isReady }) else { return }
        let lacksFilter =
            !enforcement.systemCallFilter && !configuration.withoutLocks.contains("session-filter")
        guard !lacksFilter else {
            state.withLock {
                $0.failure = .notStarted(
                    reason: "the zygote has no system-call filter for sessions"
                )
            }
            zygote.abandon()
            failWaiting()
            return
        }
        let waiting = state.withLock { state in
            state.enforcement = enforcement
            state.isReady = true
            let waiting = state.waitingForZygote
            state.waitingForZygote = []
            for (request, channel) in waiting { Self.settle(&state, request, channel, zygote) }
            return waiting
        }
        for (request, channel) in waiting { channel.request(request, from: zygote) }
    }

    /// A zygote allocates nothing: one that has grown has something wrong with it, and another
    /// takes over.
    private func retireIfGrown(_ zygote: Zygote, _ sizeBytes: UInt64) {
        let mustRetire = state.withLock { state in
            guard state.zygote === zygote, !state.isShutDown else { return false }
            guard let initial = state.initialSizeBytes else {
                state.initialSizeBytes = sizeBytes
                return false
            }
            let growth = Double(sizeBytes) / Double(max(1, initial)) - 1
            guard growth > configuration.allowedGrowth else { return false }
            state.retiring[ObjectIdentifier(zygote)] = zygote
            state.zygote = nil
            state.isReady = false
            return true
        }
        if mustRetire { restart() }
    }

    private func endIfRetired(_ zygote: Zygote) {
        let isDone = state.withLock { state in
            state.retiring[ObjectIdentifier(zygote)] != nil
                && !state.homes.values.contains(ObjectIdentifier(zygote))
        }
        if isDone { zygote.abandon() }
    }

    private func disappeared(_ zygote: Zygote, _ reason: String) {
        let home = ObjectIdentifier(zygote)
        let (orphans, mustRestart) = state.withLock { state in
            state.retiring[home] = nil
            let identifiers = state.homes.filter { $0.value == home }.map(\.key)
            let orphans = identifiers.compactMap { state.channels.removeValue(forKey: $0) }
            for identifier in identifiers { state.homes[identifier] = nil }
            guard state.zygote === zygote, !state.isShutDown else { return (orphans, false) }
            let hadStarted = state.enforcement != nil
            state.zygote = nil
            state.isReady = false
            state.failuresInARow += 1
            if !hadStarted {
                state.failure = .notStarted(reason: reason)
            } else if state.failuresInARow > Self.allowedFailuresInARow {
                state.failure = .restartsExhausted(
                    count: state.failuresInARow,
                    lastReason: reason
                )
            }
            return (orphans, state.failure == nil)
        }
        for channel in orphans { channel.processEnded(nil, peakBytes: 0) }
        if mustRestart { restart() } else { failWaiting() }
    }

    private func restart() {
        do {
            try startZygote()
        } catch {
            state.withLock { $0.failure = .notStarted(reason: "\(error)") }
            failWaiting()
        }
    }

    private func failWaiting() {
        let waiting = state.withLock { state in
            defer { if state.failure != nil { state.waitingForZygote = [] } }
            return state.failure == nil ? [] : state.waitingForZygote
        }
        for (_, channel) in waiting { channel.processEnded(nil, peakBytes: 0) }
    }
}
