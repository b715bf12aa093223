import Synchronization

/// One episode's interpreter: snippets run in it share their variables.
///
/// When a snippet has to be ended by force, the session goes on with a fresh interpreter, and the
/// result says that variables were lost.
public final class SandboxSession: Sendable {
    private struct State {
        var channel: SessionChannel?
        var generation: UInt64 = 0
        var isClosed = false
        /// Whether a snippet has run in the present interpreter.
        var holdsVariables = false
        /// Whether earlier snippets ran in an interpreter that no longer exists, unannounced.
        var owesNotice = false
    }

    /// Interpreters that may fail below one snippet before the run gives up.
    private static let attemptLimit = 4

    private let pool: SandboxPool
    private let seed: UInt64
    private let state = Mutex(State())

    init(pool: SandboxPool, seed: UInt64) {
        self.pool = pool
        self.seed = seed
    }

    deinit { closeNow() }

    /// Runs one snippet, one at a time, and waits for its end, within the configured limits.
    ///
    /// Cancelling the task ends the snippet and with it the session's variables.
    ///
    /// - Parameter code: Python source; a trailing expression's value is echoed.
    /// - Returns: what it gave; a snippet that fails, in whatever way, is a result.
    /// - Throws: `CancellationError`, ``SandboxError/closed``, or another ``SandboxError`` when
    ///   there is no interpreter any more.
    public func run(_ code: String) async throws -> SnippetResult {
        try Task.checkCancellation()
        let bytes = Array(code.utf8)
        guard bytes.count <= WireFormat.snippetLimitBytes else {
            return SnippetResult(
                status: .exception,
                output: "SyntaxError: the snippet has more than "
                    + "\(WireFormat.snippetLimitBytes) bytes",
                seconds: 0,
                processorSeconds: 0,
                peakBytes: 0,
                stateLost: false
            )
        }
        for _ in 0..<Self.attemptLimit {
            let (channel, owesNotice) = try usableChannel()
            let outcome = await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    channel.run(bytes) { continuation.resume(returning: $0) }
                    if Task.isCancelled { channel.end(because: .cancelled) }
                }
            } onCancel: {
                channel.end(because: .cancelled)
            }
            if let result = try result(of: outcome, owesNotice: owesNotice) { return result }
        }
        throw SandboxError.restartsExhausted(
            count: Self.attemptLimit,
            lastReason: "the zygote ended while a snippet was running"
        )
    }

    /// Ends the session's process and frees its place.
    ///
    /// A running snippet ends with ``SandboxError/closed``.
    public func close() async { closeNow() }

    private func closeNow() {
        let (isFirst, channel) = state.withLock { state -> (Bool, SessionChannel?) in
            defer { state.isClosed = true }
            return (!state.isClosed, state.channel.take())
        }
        channel?.end(because: .closed)
        if isFirst { pool.releasePlace() }
    }

    private func usableChannel() throws -> (SessionChannel, owesNotice: Bool) {
        try state.withLock { state in
            if state.isClosed { throw SandboxError.closed }
            if let channel = state.channel, channel.isUsable { return (channel, false) }
            let owesNotice = state.owesNotice || state.holdsVariables
            let channel: SessionChannel
            do throws(SystemCallError) {
                channel = try SessionChannel(loop: pool.loop, configuration: pool.configuration)
            } catch {
                throw SandboxError.system(error)
            }
            // A later interpreter of the session must not repeat the first one's numbers.
            let mixed = Seed.mix(pool.configuration.seed, seed, state.generation)
            try pool.fork(channel, seed: mixed)
            state.generation += 1
            state.channel = channel
            state.owesNotice = false
            state.holdsVariables = false
            return (channel, owesNotice)
        }
    }

    /// - Returns: the result, or nil when the snippet has to be run again: not it but its zygote
    ///   has failed, which is nothing that an episode should have to answer for.
    private func result(
        of outcome: SessionChannel.Outcome,
        owesNotice: Bool
    ) throws -> SnippetResult? {
        let verdict: SnippetVerdict
        switch outcome.ending {
        case .answered(let answer):
            verdict = SnippetVerdict(answer)
            state.withLock { $0.holdsVariables = true }
        case .processEnded(let cause, let exit):
            let mustTellNext = state.withLock { state in
                state.channel = nil
                // Nothing has been drawn from this interpreter's numbers yet.
                if cause == nil, exit == nil, !state.holdsVariables { state.generation -= 1 }
                defer { state.holdsVariables = false }
                return owesNotice || state.holdsVariables
            }
            state.withLock { $0.owesNotice = mustTellNext }
            if cause == nil, exit == nil { return nil }
            verdict = try SnippetVerdict(cause, exit, limits: pool.configuration)
            // Told with this very result.
            state.withLock { $0.owesNotice = false }
        }
        var text = outcome.output.text(followedBy: verdict.note)
        if owesNotice { text = SnippetVerdict.lostBefore + text }
        return SnippetResult(
            status: verdict.status,
            output: text,
            seconds: outcome.seconds,
            processorSeconds: outcome.processorSeconds,
            peakBytes: outcome.peakBytes,
            stateLost: verdict.isStateLost || owesNotice
        )
    }
}
