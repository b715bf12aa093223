import CSandboxShim
import Glibc
import Synchronization

/// The one thread of this module: it waits for descriptors and deadlines and calls handlers.
///
/// Handlers run on that thread and wait for nothing but short locks, so that no thread of Swift's
/// concurrency is blocked by a child process, but for a live session's brief wait. A cancelled deadline
/// stays in the heap until it is the first one there and the thread looks: the thread is not woken for
/// that, and while it sleeps until such a deadline, a later one needs no wake-up either, which spares
/// every short snippet one.
///
/// Tasks that mostly wait for what this thread watches can run on it too, as their preferred executor:
/// then what they wait for wakes no other thread. They must not block it.
public final class EventLoop: TaskExecutor, Sendable {
    struct Watch: Hashable, Sendable { fileprivate let token: UInt64 }
    struct Alarm: Hashable, Sendable { fileprivate let token: UInt64 }

    struct Readiness: OptionSet {
        let rawValue: UInt32
        static let readable = Readiness(rawValue: EPOLLIN.rawValue)
        static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
        static let hungUp = Readiness(rawValue: EPOLLHUP.rawValue | EPOLLERR.rawValue)
    }

    private struct State {
        var nextToken: UInt64 = 1
        var watches: [UInt64: @Sendable (Readiness) -> Void] = [:]
        var alarms: [UInt64: @Sendable () -> Void] = [:]
        var deadlines = DeadlineHeap()
        /// What the thread last went to sleep until; nil: until something happens.
        var sleepsUntil: ContinuousClock.Instant?
    }

    /// What is to be done before the loop waits.
    private struct Work {
        var jobs: [UnownedJob] = []
        /// Tokens of watches whose turn is asked for.
        var turns: [UInt64] = []
    }

    private static let wakeToken: UInt64 = 0

    private let epoll: Descriptor
    private let wakeUp: Descriptor
    private let state = Mutex(State())
    private let work = Mutex(Work())
    /// The thread's, once it runs.
    private let threadIdentifier = Atomic<UInt>(0)

    private static let sharedLoop = Result<EventLoop, SystemCallError> {
        () throws(SystemCallError) in
        try EventLoop()
    }

    /// The loop of this process, started at first use.
    ///
    /// - Throws: ``SystemCallError`` when it could not be started.
    public static func shared() throws(SystemCallError) -> EventLoop { try sharedLoop.get() }

    private init() throws(SystemCallError) {
        epoll = Descriptor(owning: try checked("epoll_create1", csandbox_epoll_create()))
        wakeUp = Descriptor(owning: try checked("eventfd", csandbox_eventfd()))
        _ = try checked(
            "epoll_ctl",
            csandbox_epoll_control(
                epoll.number,
                EPOLL_CTL_ADD,
                wakeUp.number,
                EPOLLIN.rawValue,
                Self.wakeToken
            )
        )
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread,
            nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            unsafe Unmanaged.passRetained(self).toOpaque()
        )
        guard status == 0 else { throw SystemCallError("pthread_create", number: status) }
        pthread_detach(thread)
    }

    /// Calls `handler` whenever the descriptor, which the caller keeps open, is ready.
    func watch(
        _ descriptor: Descriptor,
        for interest: Readiness,
        handler: @escaping @Sendable (Readiness) -> Void
    ) throws(SystemCallError) -> Watch {
        Watch(token: try add(descriptor.number, for: interest) { _ in handler })
    }

    /// Makes a `turn` whenever the descriptor is readable, until a turn returns false.
    ///
    /// - Parameters:
    ///   - descriptor: open until `turn` is let go, which best owns it.
    ///   - turn: called on the loop's thread, and let go there after it has returned false.
    /// - Returns: asks for a turn before the loop next waits, which its own thread alone can: elsewhere
    ///   nothing happens, and it returns false.
    /// - Throws: ``SystemCallError`` when the descriptor cannot be watched.
    public func serve(
        _ descriptor: Int32,
        turn: @escaping @Sendable () -> Bool
    ) throws(SystemCallError) -> @Sendable () -> Bool {
        let token = try add(descriptor, for: .readable) { token in
            { [self] _ in
                if !turn() { forget(token, descriptor) }
            }
        }
        return { [self] in
            guard isCurrent else { return false }
            work.withLock { $0.turns.append(token) }
            return true
        }
    }

    /// Watches a descriptor with the handler for its token.
    private func add(
        _ descriptor: Int32,
        for interest: Readiness,
        _ handler: (UInt64) -> @Sendable (Readiness) -> Void
    ) throws(SystemCallError) -> UInt64 {
        let token = state.withLock { state in
            let token = state.nextToken
            state.nextToken += 1
            state.watches[token] = handler(token)
            return token
        }
        let status = csandbox_epoll_control(
            epoll.number,
            EPOLL_CTL_ADD,
            descriptor,
            interest.rawValue,
            token
        )
        guard status >= 0 else {
            let error = SystemCallError("epoll_ctl")
            _ = state.withLock { $0.watches.removeValue(forKey: token) }
            throw error
        }
        return token
    }

    private func forget(_ token: UInt64, _ descriptor: Int32) {
        _ = csandbox_epoll_control(epoll.number, EPOLL_CTL_DEL, descriptor, 0, 0)
        // The turn may own the descriptor, and its end may take locks: it goes after the lock.
        _ = state.withLock { $0.watches.removeValue(forKey: token) }
    }

    /// Changes what a descriptor is watched for.
    func change(_ watch: Watch, of descriptor: Descriptor, to interest: Readiness) {
        let status = csandbox_epoll_control(
            epoll.number,
            EPOLL_CTL_MOD,
            descriptor.number,
            interest.rawValue,
            watch.token
        )
        precondition(status == 0, "a watched descriptor stays open until its watch ends")
    }

    /// Ends a watch, although a handler that is running already still finishes.
    func end(_ watch: Watch, of descriptor: Descriptor) {
        state.withLock { $0.watches[watch.token] = nil }
        _ = csandbox_epoll_control(epoll.number, EPOLL_CTL_DEL, descriptor.number, 0, 0)
    }

    /// Calls `handler` once, at or shortly after `deadline`.
    func schedule(
        at deadline: ContinuousClock.Instant,
        handler: @escaping @Sendable () -> Void
    ) -> Alarm {
        let (token, mayBeMissed) = state.withLock { state in
            let token = state.nextToken
            state.nextToken += 1
            state.alarms[token] = handler
            state.deadlines.insert(deadline, token: token)
            return (token, state.sleepsUntil.map { deadline < $0 } ?? true)
        }
        // On its own thread the loop looks for the next deadline before it waits.
        if mayBeMissed, !isCurrent { wake() }
        return Alarm(token: token)
    }

    /// Forgets an alarm.
    func cancel(_ alarm: Alarm) {
        // What a handler holds goes after the lock: its end may take locks.
        _ = state.withLock { state -> (@Sendable () -> Void)? in
            let handler = state.alarms.removeValue(forKey: alarm.token)
            // Many snippets end long before their limit: drop the dead entries when they prevail.
            if state.deadlines.count > 1024, state.deadlines.count > 4 * state.alarms.count {
                state.deadlines.keep { state.alarms[$0] != nil }
            }
            return handler
        }
    }

    // MARK: As an executor

    /// Whether the caller runs on the loop's thread.
    var isCurrent: Bool { threadIdentifier.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Runs `job` on the loop's thread, after what the thread is doing now.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = work.withLock { work in
            work.jobs.append(job)
            return work.jobs.count == 1
        }
        // On its own thread the loop looks for jobs before it waits.
        if isFirst, !isCurrent { wake() }
    }

    /// A job mostly adds the next one of its attempt; after so many the descriptors are looked at.
    private static let mostRounds = 8

    /// Runs the jobs that are there, and those that they add, up to a point.
    private func runJobs() {
        for _ in 0..<Self.mostRounds {
            let jobs = work.withLock { work in
                defer { work.jobs = [] }
                return work.jobs
            }
            guard !jobs.isEmpty else { return }
            for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    /// Makes the turns that jobs and handlers have asked for.
    private func makeTurns() {
        let tokens = work.withLock { work in
            defer { work.turns = [] }
            return work.turns
        }
        for token in tokens { handler(of: token)?(.readable) }
    }

    private func handler(of token: UInt64) -> (@Sendable (Readiness) -> Void)? {
        state.withLock { $0.watches[token] }
    }

    private var hasWork: Bool { work.withLock { !$0.jobs.isEmpty || !$0.turns.isEmpty } }

    // MARK: The thread

    private func wake() {
        let one: UInt64 = 1
        _ = unsafe withUnsafeBytes(of: one) { bytes in
            uninterrupted { unsafe Glibc.write(wakeUp.number, bytes.baseAddress, bytes.count) }
        }
    }

    private func run() {
        // Signals belong to the main thread, which waits for some of them.
        _ = csandbox_block_all_signals()
        threadIdentifier.store(UInt(pthread_self()), ordering: .relaxed)
        // More than are ready at once, so that an alarm does not overtake an answer.
        let capacity = 1024
        var events = unsafe [epoll_event](repeating: epoll_event(), count: capacity)
        while true {
            let wait = hasWork ? 0 : patience()
            let count = unsafe events.withUnsafeMutableBufferPointer { buffer in
                unsafe csandbox_epoll_wait(epoll.number, buffer.baseAddress, Int32(capacity), wait)
            }
            let looked = ContinuousClock.now
            for index in 0..<max(0, Int(count)) {
                let (token, readiness) = unsafe withUnsafePointer(to: &events[index]) { event in
                    unsafe (csandbox_epoll_token(event), csandbox_epoll_events(event))
                }
                if token == Self.wakeToken {
                    var counter = [UInt8](repeating: 0, count: 8)
                    _ = wakeUp.read(into: &counter)
                    continue
                }
                handler(of: token)?(Readiness(rawValue: readiness))
            }
            // After the descriptors: what came in time was in time, however long jobs and handlers took.
            runAlarms(dueAt: looked)
            runJobs()
            makeTurns()
        }
    }

    /// How long to sleep until the next alarm, in milliseconds, or -1.
    private func patience() -> Int32 {
        let next = state.withLock { state in
            // Most snippets end long before their limit.
            while let first = state.deadlines.first, state.alarms[first.token] == nil {
                state.deadlines.removeFirst()
            }
            state.sleepsUntil = state.deadlines.first?.deadline
            return state.sleepsUntil
        }
        guard let next else { return -1 }
        return Int32(clamping: max(0, (next - .now).wholeMillisecondsRoundedUp))
    }

    private func runAlarms(dueAt now: ContinuousClock.Instant) {
        while true {
            let (isDue, handler) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
                guard let first = state.deadlines.first, first.deadline <= now else {
                    return (false, nil)
                }
                state.deadlines.removeFirst()
                return (true, state.alarms.removeValue(forKey: first.token))
            }
            guard isDue else { return }
            // None is left of a deadline that was cancelled.
            handler?()
        }
    }
}

extension Duration {
    /// Rounded up, so that waiting this long is never too short.
    var wholeMillisecondsRoundedUp: Int64 {
        let (seconds, attoseconds) = components
        let millisecond: Int64 = 1_000_000_000_000_000
        return seconds * 1000 + (attoseconds + millisecond - 1) / millisecond
    }

    /// The duration in seconds.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
