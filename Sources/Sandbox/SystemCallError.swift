import CSandboxShim
import Glibc

/// A system call that failed: which, on what, and the system's own words.
public struct SystemCallError: Error, CustomStringConvertible, Equatable {
    /// The call's name, such as `posix_spawn`.
    public let call: String
    /// What it was about: a path, a role; may be empty.
    public let subject: String
    /// The error number.
    public let number: Int32

    init(_ call: String, _ subject: String = "", number: Int32 = csandbox_errno()) {
        self.call = call
        self.subject = subject
        self.number = number
    }

    /// The call, its subject and what the system said.
    public var description: String {
        let reason = unsafe String(cString: strerror(number))
        return subject.isEmpty ? "\(call): \(reason)" : "\(call) (\(subject)): \(reason)"
    }
}
