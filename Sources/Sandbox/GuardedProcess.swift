import CSandboxShim
import Glibc
import Synchronization

/// A child process, with all its descendants, that never outlives this one.
///
/// The child runs below the C program `process-guard`, which ends the whole tree when it is asked
/// to, when the program ends, and when the rank dies: the control socket closes then, even if the
/// thread that started the child is long gone or the rank was killed.
public final class GuardedProcess: Sendable {
    /// What to run and where its output goes.
    public struct Options: Sendable {
        /// The program: a path, or a name to look up in `environment`'s PATH.
        public var executable: String
        /// The program's arguments, without its own name.
        public var arguments: [String]
        /// The complete environment: nothing is inherited (see ``ChildEnvironment``).
        public var environment: [String: String]
        /// A file that standard output and error are appended to; nil: they are inherited.
        public var logPath: String?
        /// Whether standard input and output are streams to this process.
        ///
        /// Standard error then goes to `logPath`.
        public var pipes: Bool
        /// How long the tree has between SIGTERM and SIGKILL.
        public var grace: Duration
        /// 0 for an equal among the machine's programs, up to 19 for one that lets others go first.
        public var niceness: Int
        /// Descriptors that the program gets as 3, 4, and so on.
        var inherited: [Descriptor] = []
        /// Where standard error goes instead of `logPath`.
        var standardError: Descriptor?

        /// - Parameters:
        ///   - executable: a path, or a name to look up in `environment`'s PATH.
        ///   - arguments: without the program's own name.
        ///   - environment: complete; nothing is inherited.
        ///   - logPath: where output is appended; nil: inherited.
        ///   - pipes: whether standard input and output are streams.
        ///   - grace: between SIGTERM and SIGKILL.
        ///   - niceness: 0...19, of the whole tree.
        public init(
            executable: String,
            arguments: [String] = [],
            environment: [String: String] = ChildEnvironment.inherited(),
            logPath: String? = nil,
            pipes: Bool = false,
            grace: Duration = .seconds(5),
            niceness: Int = 0
        ) {
            self.executable = executable
            self.arguments = arguments
            self.environment = environment
            self.logPath = logPath
            self.pipes = pipes
            self.grace = grace
            self.niceness = niceness
        }
    }

    /// A watch that its own handler ends.
    private final class WatchCell: Sendable {
        private let watch = Mutex<EventLoop.Watch?>(nil)
        func set(_ new: EventLoop.Watch) { watch.withLock { $0 = new } }
        func take() -> EventLoop.Watch? { watch.withLock { $0.take() } }
    }

    /// The part that outlives the handle: until the guard is reaped, someone must wait for it.
    private final class Life: Sendable {
        let guardIdentifier: pid_t
        private struct State {
            var exit: ProcessExit?
            var handlers: [@Sendable (ProcessExit) -> Void] = []
        }

        private let state = Mutex(State())

        init(_ guardIdentifier: pid_t) { self.guardIdentifier = guardIdentifier }

        @discardableResult
        func reap() -> ProcessExit? {
            let (exit, handlers) = state.withLock { state in
                if state.exit == nil {
                    var status: Int32 = 0
                    let reaped = unsafe csandbox_wait_without_blocking(guardIdentifier, &status)
                    if reaped == guardIdentifier { state.exit = ProcessExit(waitStatus: status) }
                }
                let due = state.exit == nil ? [] : state.handlers
                if state.exit != nil { state.handlers = [] }
                return (state.exit, due)
            }
            if let exit { for handler in handlers { handler(exit) } }
            return exit
        }

        func whenEnded(_ handler: @escaping @Sendable (ProcessExit) -> Void) {
            state.withLock { $0.handlers.append(handler) }
            reap()
        }
    }

    private let life: Life
    private let processDescriptor: Descriptor
    private let control: Mutex<Descriptor?>
    private let grace: Duration

    /// The child's standard input; nil without `pipes`.
    public let standardInput: ProcessInput?
    /// The child's standard output; nil without `pipes`.
    public let standardOutput: ProcessOutput?

    /// The process identifier of the guard.
    public var identifier: Int32 { life.guardIdentifier }

    /// Starts the program.
    ///
    /// A program that cannot be executed ends with status 127 and a message on standard error.
    ///
    /// - Throws: ``SandboxError`` or ``SystemCallError`` when the guard cannot be started.
    public init(_ options: Options) throws {
        let loop = try EventLoop.shared()
        // A socket, because writing to a pipe whose reader is gone is a SIGPIPE for the rank.
        let controlSocket = try Descriptor.socketPair(type: Int32(SOCK_STREAM.rawValue))
        let input =
            options.pipes ? try Descriptor.socketPair(type: Int32(SOCK_STREAM.rawValue)) : nil
        let output = options.pipes ? try Descriptor.pipe() : nil

        var arguments = SpawnedGuard(options)
        arguments.childDescriptors = options.inherited + [controlSocket.theirs]
        arguments.standardInput = input?.theirs
        arguments.standardOutput = output?.writing
        let identifier = try arguments.spawn()

        let life = Life(identifier)
        self.life = life
        grace = options.grace
        control = Mutex(controlSocket.ours)
        processDescriptor = Descriptor(
            owning: try checked("pidfd_open", csandbox_pidfd_open(identifier, 0))
        )
        standardInput = try input.map { ends throws(SystemCallError) in
            try ProcessInput(ends.ours, loop: loop)
        }
        standardOutput = try output.map { ends throws(SystemCallError) in
            try ProcessOutput(ends.reading, loop: loop)
        }
        try Self.reapWhenEnded(life, processDescriptor, loop)
    }

    deinit { control.withLock { $0 = nil } }

    /// Keeps the process descriptor and its watch until the guard has ended and is reaped.
    private static func reapWhenEnded(
        _ life: Life,
        _ descriptor: Descriptor,
        _ loop: EventLoop
    ) throws(SystemCallError) {
        let watchCell = WatchCell()
        let watch = try loop.watch(descriptor, for: .readable) { _ in
            guard life.reap() != nil else { return }
            if let watch = watchCell.take() { loop.end(watch, of: descriptor) }
        }
        watchCell.set(watch)
        // It may have ended before its watch was known to the cell.
        if life.reap() != nil, let watch = watchCell.take() { loop.end(watch, of: descriptor) }
    }

    /// How the program ended, or nil while it, or anything it started, is running.
    public func exitStatus() -> ProcessExit? { life.reap() }

    /// Ends the program and everything it started, and waits for that: up to the grace period and
    /// one second.
    ///
    /// - Parameter grace: between SIGTERM and SIGKILL; nil: the one from the options.
    public func stop(grace: Duration? = nil) {
        requestStop(grace: grace)
        let deadline = ContinuousClock.now + (grace ?? self.grace) + .seconds(1)
        while life.reap() == nil {
            let remaining = deadline - ContinuousClock.now
            guard remaining > .zero else { return }
            var event = pollfd(fd: processDescriptor.number, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&event, 1, Int32(clamping: remaining.wholeMillisecondsRoundedUp))
        }
    }

    /// Like ``stop(grace:)``, without blocking a thread.
    public func stopAsync(grace: Duration? = nil) async {
        requestStop(grace: grace)
        let deadline = ContinuousClock.now + (grace ?? self.grace) + .seconds(1)
        while life.reap() == nil, ContinuousClock.now < deadline {
            do {
                try await Task.sleep(for: .milliseconds(5))
            } catch {
                // A cancelled task has asked for the end already; the guard sees it through.
                return
            }
        }
    }

    /// Calls `handler` once the tree has ended, on whatever thread notices that.
    ///
    /// A handler that holds this process keeps it from being let go until it has ended.
    public func whenEnded(_ handler: @escaping @Sendable (ProcessExit) -> Void) {
        life.whenEnded(handler)
    }

    /// Asks the guard to end the tree; see ``stop(grace:)``.
    func requestStop(grace: Duration?) {
        control.withLock { control in
            guard let descriptor = control else { return }
            let milliseconds = UInt32(
                clamping: max(0, (grace ?? self.grace).wholeMillisecondsRoundedUp)
            )
            let request = (0..<4).map { UInt8(truncatingIfNeeded: milliseconds >> (8 * $0)) }
            switch descriptor.send(request[...]) {
            case .bytes, .wouldBlock: break
            case .endOfFile, .failed: control = nil
            }
        }
    }
}
