/// What can keep a child process or the sandbox from working; each case names its remedy.
public enum SandboxError: Error, CustomStringConvertible, Equatable {
    /// An executable of this program is not beside the running one.
    case executableMissing(name: String, directory: String)
    /// A system call of ours failed.
    case system(SystemCallError)
    /// A line of a child's output was longer than allowed.
    case lineTooLong(limit: Int)
    /// A child did not write a line in time.
    case lineTimedOut
    /// The pool, the session or the stream is closed.
    case closed
    /// The launcher or the zygote could not set up the boundary or the interpreter.
    case notStarted(reason: String)
    /// The zygote was not ready in time.
    case startTimedOut(seconds: Double)
    /// A lock that the configuration demands is not to be had here.
    case requirementMissing(names: [String], report: String)
    /// A name in `sandbox.require` that no lock has.
    case unknownRequirement(name: String, known: [String])
    /// Interpreters died again and again before they could run anything.
    case restartsExhausted(count: Int, lastReason: String)
    /// A batch input line that is not a session.
    case badLine(file: String, number: Int, reason: String)

    /// What failed and what to do about it.
    public var description: String {
        switch self {
        case .executableMissing(let name, let directory):
            "\(name) is not in \(directory): install it beside the deepmath executable "
                + "(swift build makes both)"
        case .system(let error): "\(error)"
        case .lineTooLong(let limit): "a child process wrote a line of more than \(limit) bytes"
        case .lineTimedOut: "a child process did not answer in time"
        case .closed: "closed already"
        case .notStarted(let reason): "the sandbox did not start: \(reason)"
        case .startTimedOut(let seconds):
            "the sandboxed interpreter was not ready after \(Int(seconds)) s: install its Python on "
                + "a faster file system, or take modules out of sandbox.modules"
        case .requirementMissing(let names, let report):
            "sandbox.require names \(names.joined(separator: ", ")), which this system does not "
                + "give (\(report)): drop it from sandbox.require or run on a node that has it"
        case .unknownRequirement(let name, let known):
            "sandbox.require: \(name) is not known; known are \(known.joined(separator: ", "))"
        case .restartsExhausted(let count, let lastReason):
            "the sandbox died \(count) times in a row without running a snippet: \(lastReason)"
        case .badLine(let file, let number, let reason): "\(file):\(number): \(reason)"
        }
    }
}
