/// Why no answer can be graded; each case says how to mend it.
///
/// What happens to a single answer is never an error but an outcome of its grade.
public enum GradingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The interpreter cannot be started.
    case pythonMissing(python: String, reason: String)
    /// The interpreter lacks a module that grading needs.
    case moduleMissing(python: String, module: String, reason: String)
    /// The grader ended while it was loading its libraries.
    case endedAtStart(python: String, exit: String)
    /// The grader was still loading its libraries when its time was up.
    case notReady(python: String, seconds: Double)
    /// The pool has been shut down.
    case closed

    /// What failed and what to do about it, in one line.
    public var description: String {
        switch self {
        case .pythonMissing(let python, let reason):
            "the grader's Python \(python) cannot be run (\(reason)): "
                + "set grading.python or engine.python to a Python 3 with math-verify"
        case .moduleMissing(let python, let module, let reason):
            "\(python) cannot import \(module) (\(reason)): "
                + "run \(python) -m pip install math-verify==0.9.0"
        case .endedAtStart(let python, let exit):
            "the grader ended with \(exit) while \(python) loaded math-verify: "
                + "raise grading.memory_megabytes, or try \(python) -c 'import math_verify'"
        case .notReady(let python, let seconds):
            "\(python) did not load math-verify within \(Int(seconds)) s: "
                + "install it on a faster file system, or start fewer ranks on this node"
        case .closed: "the grader has been shut down"
        }
    }
}
