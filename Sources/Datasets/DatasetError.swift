/// What keeps a file from being a data set: where, what, and how to mend it, in one line.
public struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The line, counted from 1; nil when the file as a whole is at fault.
    public let line: Int?
    /// The field's name in the file; empty when the line as a whole is at fault.
    public let field: String
    /// What is wrong.
    public let problem: String
    /// What to do about it.
    public let remedy: String

    init(path: String, line: Int? = nil, field: String = "", problem: String, remedy: String) {
        self.path = path
        self.line = line
        self.field = field
        self.problem = problem
        self.remedy = remedy
    }

    /// `path:line: field: problem; remedy`.
    public var description: String {
        let place = line.map { "\(path):\($0)" } ?? path
        let subject = field.isEmpty ? "" : "field \"\(field)\": "
        return "\(place): \(subject)\(problem); \(remedy)"
    }
}
