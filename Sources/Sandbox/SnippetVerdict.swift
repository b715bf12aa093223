import Glibc

/// What became of a snippet: its status, what to say about it, and whether variables are lost.
struct SnippetVerdict {
    let status: SnippetStatus
    let note: [UInt8]
    let isStateLost: Bool

    private static let lost =
        "The interpreter was restarted: variables and imports of earlier snippets are lost."

    /// Put before the output of a snippet whose session lost its interpreter between snippets.
    static let lostBefore = "[\(lost)]\n"

    /// The process answered.
    init(_ answer: WireFormat.SessionAnswer) {
        status = answer.status
        note = answer.errorText
        isStateLost = false
    }

    /// The process ended instead of answering.
    ///
    /// - Throws: `CancellationError` or ``SandboxError`` when that was this side's wish.
    init(
        _ cause: SessionChannel.Cause?,
        _ exit: ProcessExit?,
        limits: SandboxConfiguration
    ) throws {
        let message: String
        switch cause {
        case .cancelled: throw CancellationError()
        case .closed: throw SandboxError.closed
        case .timeout(.processor):
            status = .timeout
            message = Self.timeout(limits.snippetTimeout, " of processor time")
        case .timeout(.wall):
            status = .timeout
            message = Self.timeout(limits.wallTimeout, "")
        case .memory:
            status = .memory
            message =
                "MemoryError: the snippet used more than \(limits.memoryLimitBytes >> 20) MiB "
                + "and was stopped."
        case .flood:
            status = .outputLimit
            message = "The snippet printed too much and was stopped."
        case .violation:
            status = .died
            message = "The interpreter's result channel was written to by the snippet."
        case .cannotFork(let number):
            throw SandboxError.system(SystemCallError("fork", "session", number: number))
        case nil:
            (status, message) = Self.unasked(exit, limits)
        }
        note = Array("\(message) \(Self.lost)".utf8)
        isStateLost = true
    }

    private static func timeout(_ limit: Duration, _ kind: String) -> String {
        let seconds = limit.inSeconds
        let text = seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
        return "TimeoutError: the snippet took longer than \(text) s\(kind) and was stopped."
    }

    /// Nobody here asked for the process's end.
    private static func unasked(
        _ exit: ProcessExit?,
        _ limits: SandboxConfiguration
    ) -> (SnippetStatus, String) {
        switch exit {
        case .signaled(SIGXCPU):
            (.timeout, timeout(limits.snippetTimeout, " of processor time"))
        case .signaled(SIGKILL):
            // Only the kernel, short of memory, kills without asking.
            (.memory, "MemoryError: the system ran out of memory and stopped the snippet.")
        case .signaled(SIGSYS):
            (.died, "The snippet made a forbidden system call and was stopped.")
        case .signaled(let signal):
            (.died, "The interpreter crashed (signal \(signal)).")
        case .exited(let status):
            (.died, "The snippet ended its interpreter (status \(status)).")
        case nil:
            (.died, "The interpreter was stopped with its zygote.")
        }
    }
}
