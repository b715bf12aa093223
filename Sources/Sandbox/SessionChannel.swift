import CSandboxShim
import Glibc
import Synchronization

/// One session's process: its socket, its output and its life, and the snippet it is running.
///
/// Everything that comes out of the process is data. An answer counts only while a snippet is
/// running, with that snippet's nonce, and with nothing after it; whatever comes while no snippet is
/// running is found before the next one is sent, and ends the process. Time is measured and the
/// end is observed from here, never reported by the process. Between snippets the process is stopped.
final class SessionChannel: Sendable {
    /// Why this side ended the process.
    enum Cause: Sendable, Equatable {
        case timeout(SnippetTime.Limit)
        case memory, flood, violation, cancelled, closed
        case cannotFork(Int32)
    }

    enum Ending: Sendable {
        case answered(WireFormat.SessionAnswer)
        case processEnded(Cause?, ProcessExit?)
    }

    struct Outcome: Sendable {
        let ending: Ending
        let output: CollectedOutput
        let peakBytes: Int
        /// On the wall clock, and of processor time.
        let seconds, processorSeconds: Double
    }

    let loop: EventLoop
    let configuration: SandboxConfiguration
    private let socket: Descriptor
    private let output: Descriptor
    let state: Mutex<State>
    /// Held while the process's output or socket is read, so that two threads never share a message.
    private let reading = Mutex(())

    init(loop: EventLoop, configuration: SandboxConfiguration) throws(SystemCallError) {
        self.loop = loop
        self.configuration = configuration
        let sockets = try Descriptor.socketPair(type: Int32(SOCK_STREAM.rawValue))
        let pipe = try Descriptor.pipe()
        socket = sockets.ours
        output = pipe.reading
        try socket.makeNonblocking()
        try output.makeNonblocking()
        state = Mutex(State(forChild: (sockets.theirs, pipe.writing)))
        let socketWatch = try loop.watch(socket, for: .readable) { [weak self] readiness in
            self?.socketIsReady(readiness)
        }
        let outputWatch = try loop.watch(output, for: .readable) { [weak self] _ in
            self?.outputIsReady()
        }
        state.withLock { state in
            state.socketWatch = socketWatch
            state.outputWatch = outputWatch
        }
    }

    deinit {
        state.withLock { endWatches(&$0) }
    }

    /// Whether a snippet can be run: the process has not ended and nobody asked for its end.
    var isUsable: Bool { state.withLock { !$0.hasEnded && $0.cause == nil } }

    // MARK: From the session

    /// How long the caller's thread waits for an answer itself: most snippets of a live session are
    /// answered within this time, which is less than two other threads' waking up would take.
    private static let briefWait = Duration.microseconds(200)

    /// Runs one snippet; calls `completion` once, on some thread, when it has ended; the completion
    /// must not run the next one itself.
    func run(_ code: [UInt8], completion: @escaping @Sendable (Outcome) -> Void) {
        var generator = SystemRandomNumberGenerator()
        let nonce = generator.next()
        // In one step, so that nothing is read in between and taken for this snippet's.
        let (hasSpokenOutOfTurn, isLive) = reading.withLock { _ in
            let hasSpoken = takeOutput() > 0 || takeStrayByte()
            return (hasSpoken, begin(code, nonce: nonce, completion))
        }
        if hasSpokenOutOfTurn { end(because: .violation) }
        if state.withLock({ $0.hasEnded }) {
            finish(.processEnded(nil, nil), peakBytes: 0)
            return
        }
        send()
        // After the snippet is there, so that it wakes up once.
        goOn()
        // On the loop's own thread nobody else has to wake up, and others wait for it.
        if isLive, !loop.isCurrent, socket.becomesReadable(within: Self.briefWait) {
            socketIsReady(.readable)
        }
        state.withLock { state in
            if state.running != nil { listen(true, &state) }
        }
    }

    /// - Returns: whether an earlier snippet has been answered.
    private func begin(
        _ code: [UInt8],
        nonce: UInt64,
        _ completion: @escaping @Sendable (Outcome) -> Void
    ) -> Bool {
        state.withLock { state in
            precondition(state.running == nil, "one snippet at a time")
            var running = Running(
                nonce: nonce,
                started: .now,
                unsent: WireFormat.run(code, nonce: nonce)[...],
                output: CollectedOutput(limit: configuration.outputLimitBytes),
                completion: completion
            )
            if state.process != nil { startClock(of: &running, &state) }
            state.running = running
            return state.answered != nil
        }
    }

    /// Lets the loop look at what the process sends, or only at its end.
    ///
    /// Between snippets nothing may come, and what does is found with the next one.
    private func listen(_ isListening: Bool, _ state: inout State) {
        guard state.isListening != isListening else { return }
        state.isListening = isListening
        updateInterest(state)
    }

    private func updateInterest(_ state: State) {
        let reading: EventLoop.Readiness = state.isListening ? .readable : []
        if let watch = state.outputWatch { loop.change(watch, of: output, to: reading) }
        guard let watch = state.socketWatch else { return }
        loop.change(watch, of: socket, to: state.hasUnsent ? reading.union(.writable) : reading)
    }

    /// Ends the process, whatever it is doing; a running snippet's completion follows.
    func end(because cause: Cause) {
        let process = state.withLock { state -> Descriptor? in
            if state.cause == nil { state.cause = cause }
            return state.process
        }
        // Without a process yet, `processStarted` does it.
        if let process { _ = csandbox_pidfd_send_signal(process.number, SIGKILL) }
    }

    // MARK: From the pool

    /// Hands the child's ends over to the zygote.
    func request(_ request: WireFormat.ForkRequest, from zygote: Zygote) {
        guard let ends = takeChildEnds() else { return }
        zygote.fork(request, socket: ends.socket, output: ends.output)
    }

    /// The child's ends of socket and output, once; this side keeps none of them.
    func takeChildEnds() -> (socket: Descriptor, output: Descriptor)? {
        state.withLock { $0.forChild.take() }
    }

    /// `sharedBytes` is what the process shares with its zygote until it writes to it.
    func processStarted(_ process: Descriptor?, errorNumber: Int32, sharedBytes: Int) {
        guard let process else {
            state.withLock { $0.cause = $0.cause ?? .cannotFork(errorNumber) }
            processEnded(nil, peakBytes: 0)
            return
        }
        let (mustEnd, earlyAnswer) = state.withLock { state in
            state.process = process
            state.account = ProcessAccount(
                of: process,
                kernelLimit: configuration.sessionSeconds
            )
            state.sharedBytes = sharedBytes
            if var running = state.running.take() {
                startClock(of: &running, &state)
                state.running = running
            }
            return (state.cause != nil, state.running?.earlyAnswer)
        }
        if mustEnd { _ = csandbox_pidfd_send_signal(process.number, SIGKILL) }
        if let earlyAnswer { reading.withLock { _ in complete(earlyAnswer) } }
    }

    /// The process is reaped; without an `exit` its zygote is gone, which ended it as well.
    func processEnded(_ exit: ProcessExit?, peakBytes: Int) {
        let cause = state.withLock { state -> Cause? in
            state.hasEnded = true
            // Its number may be another process's now.
            state.account = nil
            return state.cause
        }
        _ = reading.withLock { _ in takeOutput() }
        state.withLock { endWatches(&$0) }
        finish(.processEnded(cause, exit), peakBytes: peakBytes)
    }

    // MARK: On the loop's thread, or that of a caller who waits briefly

    private func socketIsReady(_ readiness: EventLoop.Readiness) {
        if readiness.contains(.writable) { send() }
        guard readiness != .writable else { return }
        reading.withLock { _ in readSocket() }
    }

    private func readSocket() {
        while true {
            switch socket.read(upTo: 4096) {
            case .bytes(let bytes):
                if accept(bytes[...]) { return }
            case .wouldBlock:
                return
            case .endOfFile, .failed:
                // Dead, or as good as dead: without its socket it cannot answer.
                state.withLock { state in
                    if let watch = state.socketWatch.take() { loop.end(watch, of: socket) }
                }
                killQuietly()
                return
            }
        }
    }

    /// - Returns: whether this ended the snippet or the process.
    private func accept(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parsed = state.withLock { state -> WireFormat.SessionAnswer.Parsed in
            guard var running = state.running.take() else { return .violation }
            running.received.append(contentsOf: bytes)
            let parsed = WireFormat.SessionAnswer.parse(running.received, nonce: running.nonce)
            // An answer comes after the whole snippet has been read, or it is none.
            let isPremature = !running.unsent.isEmpty
            state.running = running
            return isPremature ? .violation : parsed
        }
        switch parsed {
        case .incomplete: return false
        case .violation:
            end(because: .violation)
            return true
        case .answer(let answer):
            let isEarly = state.withLock { state in
                guard state.process == nil else { return false }
                state.running?.earlyAnswer = answer
                return true
            }
            if !isEarly { complete(answer) }
            return true
        }
    }

    /// Ends the running snippet with its answer, unless something else has ended it already.
    private func complete(_ answer: WireFormat.SessionAnswer) {
        // What it printed before it answered is in the pipe already.
        _ = takeOutput()
        let (peak, isTooLarge) = state.withLock { state in
            listen(false, &state)
            let used = state.account?.lookAtCPUTime()
            stopSoon(&state)
            let isTooLarge = used != nil && hasTakenTooMuchMemory(&state)
            return (state.running == nil ? 0 : state.account?.lookAtPeak() ?? 0, isTooLarge)
        }
        if isTooLarge { end(because: .memory) }
        if isUsable { finish(.answered(answer), peakBytes: peak) }
    }

    private func outputIsReady() {
        // In one step, for another thread may be about to read this snippet's answer.
        let isStray = reading.withLock { _ in
            takeOutput() > 0 && state.withLock { $0.running == nil }
        }
        if isStray { end(because: .violation) }
    }

    /// Reads what has been printed; whoever calls this holds `reading`.
    ///
    /// - Returns: the number of bytes.
    private func takeOutput() -> Int {
        var total = 0
        // Most snippets print a line or nothing; a pipe holds as much as the larger amount.
        var readLimit = 1 << 12
        reading: while true {
            let bytes: [UInt8]
            switch output.read(upTo: readLimit) {
            case .bytes(let chunk):
                bytes = chunk
                if chunk.count == readLimit { readLimit = 1 << 16 }
            case .wouldBlock: break reading
            case .endOfFile, .failed:
                // Nobody is left to write, which the loop would report for ever.
                state.withLock { state in
                    if let watch = state.outputWatch.take() { loop.end(watch, of: output) }
                }
                break reading
            }
            total += bytes.count
            // Whatever is printed before the snippet has been read is none of its own.
            if hasUnreadSnippet { end(because: .violation) }
            let isFlood = state.withLock { state in
                state.running?.output.append(bytes[...])
                let limit = configuration.floodLimitBytes + (1 << 16)
                return (state.running?.output.byteCount ?? total) > limit
            }
            if isFlood {
                end(because: .flood)
                break reading
            }
        }
        return total
    }

    /// Whether the process has yet to read the running snippet, or a part of it.
    private var hasUnreadSnippet: Bool {
        guard let isSent = state.withLock({ $0.running?.unsent.isEmpty }) else { return false }
        guard isSent else { return true }
        var bytes: Int32 = 0
        return unsafe csandbox_unread_bytes(socket.number, &bytes) == 0 && bytes > 0
    }

    private func takeStrayByte() -> Bool {
        if case .bytes = socket.read(upTo: 1) { true } else { false }
    }

    private func send() {
        state.withLock { state in
            guard var running = state.running.take() else { return }
            defer { state.running = running }
            while !running.unsent.isEmpty {
                guard case .bytes(let count) = socket.send(running.unsent) else { break }
                running.unsent = running.unsent.dropFirst(count)
            }
            guard state.hasUnsent == running.unsent.isEmpty else { return }
            state.hasUnsent = !running.unsent.isEmpty
            updateInterest(state)
        }
    }

    private func finish(_ ending: Ending, peakBytes: Int) {
        let (running, processorTime) = state.withLock { state in
            let now = state.account?.cpuTime
            let running = state.running.take()
            return (running, now.flatMap { running?.time?.processorTime(until: $0) })
        }
        guard let running else { return }
        if let alarm = running.alarm { loop.cancel(alarm) }
        running.completion(
            Outcome(
                ending: ending,
                output: running.output,
                peakBytes: peakBytes,
                seconds: (ContinuousClock.now - running.started).inSeconds,
                processorSeconds: (processorTime ?? running.lastProcessorTime).inSeconds
            )
        )
    }

    private func killQuietly() {
        guard let process = state.withLock({ $0.process }) else { return }
        _ = csandbox_pidfd_send_signal(process.number, SIGKILL)
    }

    private func endWatches(_ state: inout State) {
        if let alarm = state.stopAlarm.take() { loop.cancel(alarm) }
        if let watch = state.socketWatch.take() { loop.end(watch, of: socket) }
        if let watch = state.outputWatch.take() { loop.end(watch, of: output) }
    }
}
