import CSandboxShim

/// How a child process ended.
public enum ProcessExit: Sendable, Equatable, CustomStringConvertible {
    /// It ended by itself with this status.
    case exited(Int32)
    /// A signal ended it.
    case signaled(Int32)

    init(waitStatus: Int32) {
        self =
            csandbox_wait_exited(waitStatus) != 0
            ? .exited(csandbox_wait_status(waitStatus))
            : .signaled(csandbox_wait_signal(waitStatus))
    }

    /// For logs: `status 1` or `signal 9`.
    public var description: String {
        switch self {
        case .exited(let status): "status \(status)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}
