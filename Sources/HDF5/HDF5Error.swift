/// Why HDF5, or the file system under it, could not do what was asked.
public enum HDF5Error: Error, Equatable, Sendable, CustomStringConvertible {
    /// A call failed. `causes` is HDF5's own error stack, the most specific message first.
    case call(operation: String, object: String, causes: [String])
    /// A system call failed; `message` is the system's text.
    case system(operation: String, path: String, message: String)
    /// A dataset or an attribute has another type or shape than the one that is read.
    case wrongType(object: String, expected: String)
    /// A dataset's elements do not lie in its file as they must.
    case wrongStorage(object: String, reason: String)

    /// One line: operation, object, cause.
    public var description: String {
        switch self {
        case .call(let operation, let object, let causes):
            "\(operation) of \(object) failed"
                + (causes.isEmpty ? "" : ": " + causes.prefix(3).joined(separator: "; "))
        case .system(let operation, let path, let message):
            "\(operation) \(path): \(message)"
        case .wrongType(let object, let expected):
            "\(object) is not of type \(expected)"
        case .wrongStorage(let object, let reason):
            "\(object) \(reason)"
        }
    }
}
