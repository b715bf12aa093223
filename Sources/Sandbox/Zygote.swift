import CSandboxShim
import Glibc
import Synchronization

/// One running interpreter that sessions are forked from, and the socket to it.
///
/// The guard below it ends the whole tree when this object goes away.
final class Zygote: Sendable {
    /// What it reports; on the loop's thread.
    enum Event: Sendable {
        case ready(SandboxEnforcement)
        case forked(
            identifier: UInt64,
            process: Descriptor?,
            errorNumber: Int32,
            privateBytes: UInt64
        )
        case ended(identifier: UInt64, exit: ProcessExit, peakBytes: Int)
        /// It is gone, with all its sessions. The reason is what it wrote as its last words.
        case gone(reason: String)
    }

    private struct State {
        var outbox: [(bytes: [UInt8], socket: Descriptor, output: Descriptor)] = []
        var watch: EventLoop.Watch?
        var isGone = false
    }

    private let loop: EventLoop
    private let process: GuardedProcess
    private let control: Descriptor
    private let errorFile: Descriptor
    private let state = Mutex(State())
    private let handler: @Sendable (Zygote, Event) -> Void

    init(
        _ configuration: SandboxConfiguration,
        loop: EventLoop,
        controlGroup: String?,
        handler: @escaping @Sendable (Zygote, Event) -> Void
    ) throws {
        self.loop = loop
        self.handler = handler
        let sockets = try Descriptor.socketPair(type: Int32(SOCK_SEQPACKET.rawValue))
        control = sockets.ours
        try control.makeNonblocking()
        errorFile = try Descriptor.memoryFile("sandbox errors", contents: [])
        let bootstrap = try Descriptor.memoryFile(
            "sandbox bootstrap",
            contents: PackageResources.importing_py + PackageResources.streams_py
                + PackageResources.one_thread_py + PackageResources.zygote_py
        )

        let launcher =
            try configuration.launcherPath ?? ExecutableDirectory.path(of: "sandbox-launch")
        var options = GuardedProcess.Options(
            executable: launcher,
            arguments: Self.arguments(configuration, controlGroup),
            environment: ChildEnvironment.inherited().filter { $0.key == "LD_LIBRARY_PATH" },
            logPath: "/dev/null",
            grace: .milliseconds(200)
        )
        options.inherited = [sockets.theirs, bootstrap]
        options.standardError = errorFile
        process = try GuardedProcess(options)
    }

    /// From here on the handler is called.
    func startReporting() throws(SystemCallError) {
        let watch = try loop.watch(control, for: .readable) { [weak self] _ in self?.receive() }
        state.withLock { $0.watch = watch }
    }

    deinit {
        if let watch = state.withLock({ $0.watch.take() }) { loop.end(watch, of: control) }
    }

    private static func arguments(
        _ configuration: SandboxConfiguration,
        _ controlGroup: String?
    ) -> [String] {
        var arguments = ["--python", ExecutableDirectory.resolved(configuration.python)]
        if let controlGroup { arguments += ["--cgroup", controlGroup] }
        for (option, names) in [
            ("--without", configuration.withoutLocks), ("--omit", configuration.omittedRules),
            ("--loosen", configuration.loosenedRules),
        ] where !names.isEmpty {
            arguments += [option, names.joined(separator: ",")]
        }
        let modules = configuration.allowedModules.map { "\"\($0)\"" }.joined(separator: ", ")
        let usesLandlock = !configuration.withoutLocks.contains("landlock")
        return arguments + [
            "--",
            """
            {"modules": [\(modules)], "flood": \(configuration.floodLimitBytes), "landlock": \(usesLandlock), \
            "compact": \(configuration.usesHugePages)}
            """,
        ]
    }

    /// The process identifier of its guard.
    var guardIdentifier: Int32 { process.identifier }

    /// Asks for a session whose process gets the two descriptors.
    func fork(_ request: WireFormat.ForkRequest, socket: Descriptor, output: Descriptor) {
        state.withLock { $0.outbox.append((request.bytes, socket, output)) }
        send()
    }

    /// Ends it and everything below it; returns when that is done.
    func stop() {
        process.stop(grace: .zero)
        if let watch = state.withLock({ $0.watch.take() }) { loop.end(watch, of: control) }
    }

    /// Ends it without waiting; `.gone` follows.
    func abandon() { process.requestStop(grace: .zero) }

    private func send() {
        state.withLock { state in
            while let next = state.outbox.first {
                let sent = unsafe next.bytes.withUnsafeBytes { bytes in
                    uninterrupted {
                        unsafe csandbox_send_two_descriptors(
                            control.number,
                            bytes.baseAddress,
                            bytes.count,
                            next.socket.number,
                            next.output.number
                        )
                    }
                }
                // When it is gone, receiving finds out.
                let mustWait = sent < 0 && csandbox_errno() == EAGAIN
                if let watch = state.watch {
                    loop.change(
                        watch,
                        of: control,
                        to: mustWait ? [.readable, .writable] : .readable
                    )
                }
                if mustWait { return }
                state.outbox.removeFirst()
            }
        }
    }

    private func receive() {
        if state.withLock({ !$0.outbox.isEmpty }) { send() }
        var bytes = [UInt8](repeating: 0, count: WireFormat.Notice.byteCount + 1)
        while true {
            var descriptor: Int32 = -1
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                uninterrupted {
                    unsafe csandbox_receive_descriptor(
                        control.number,
                        buffer.baseAddress,
                        buffer.count,
                        &descriptor
                    )
                }
            }
            let attached = descriptor >= 0 ? Descriptor(owning: descriptor) : nil
            if count < 0, csandbox_errno() == EAGAIN { return }
            guard count > 0, let notice = WireFormat.Notice(bytes[..<count]),
                let event = Self.event(notice, attached)
            else {
                disappear()
                return
            }
            handler(self, event)
        }
    }

    private static func event(_ notice: WireFormat.Notice, _ attached: Descriptor?) -> Event? {
        switch notice.kind {
        case .ready:
            .ready(SandboxEnforcement(bits: notice.value, landlockABI: notice.extra))
        case .forked:
            .forked(
                identifier: notice.identifier,
                process: attached,
                errorNumber: Int32(truncatingIfNeeded: notice.value),
                privateBytes: notice.extra
            )
        case .ended:
            .ended(
                identifier: notice.identifier,
                exit: ProcessExit(waitStatus: Int32(truncatingIfNeeded: notice.value)),
                // Bounded, for the number is not ours.
                peakBytes: Int(min(notice.extra, 1 << 40)) * 1024
            )
        case .fork, .run, .result:
            nil
        }
    }

    private func disappear() {
        let isFirst = state.withLock { state in
            if let watch = state.watch.take() { loop.end(watch, of: control) }
            defer { state.isGone = true }
            return !state.isGone
        }
        guard isFirst else { return }
        // It has closed its socket; what is left of it goes, too. Its words may still be coming.
        process.requestStop(grace: .zero)
        process.whenEnded { [self] _ in handler(self, .gone(reason: lastWords())) }
    }

    private func lastWords() -> String {
        let text = String(decoding: errorFile.contents(limit: 4096), as: UTF8.self)
            .split(whereSeparator: \.isNewline).suffix(8).joined(separator: " | ")
        let ending = process.exitStatus().map { "ended with \($0)" } ?? "does not end"
        return text.isEmpty ? "the interpreter \(ending) and said nothing" : text
    }
}
