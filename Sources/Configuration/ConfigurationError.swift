/// Where a value of the configuration was written.
public enum ConfigurationPlace: Hashable, Sendable, CustomStringConvertible {
    /// A line of a file, counted from 1; without a line the file as a whole.
    case file(String, line: Int?)
    /// An override of the command line, as it was given.
    case override(String)

    /// `file:line`, or the override with its flag.
    public var description: String {
        switch self {
        case .file(let path, let line?): "\(path):\(line)"
        case .file(let path, nil): path
        case .override(let text): "--set \(text)"
        }
    }
}

/// Everything wrong with a configuration, one line a fault, in file order.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// One thing that is wrong: where, which key, what, and how to mend it.
    public struct Fault: Hashable, Sendable, CustomStringConvertible {
        /// The file and line, or the override.
        public let place: ConfigurationPlace
        /// Dotted key (`run.samples`); empty when the file as a whole is at fault.
        public let key: String
        /// What is wrong, with the expected type or range.
        public let problem: String
        /// What to do about it.
        public let remedy: String

        /// `place: key: problem; remedy`.
        public var description: String {
            let subject = key.isEmpty ? "" : "\(Self.short(key)): "
            return Self.oneLine(
                "\(Self.short("\(place)")): \(subject)\(Self.short(problem)); \(remedy)"
            )
        }

        /// Bytes of a part that comes from the file; more would bury the rest.
        private static let longest = 400

        private static func short(_ text: String) -> String {
            text.utf8.count <= longest
                ? text : text.prefix(longest / 2) + " ... (\(text.utf8.count) bytes)"
        }

        private static func oneLine(_ text: String) -> String {
            text.split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }

    /// At least one.
    public let faults: [Fault]

    init(_ faults: [Fault]) {
        precondition(!faults.isEmpty, "an error names a fault")
        self.faults = faults
    }

    init(place: ConfigurationPlace, key: String = "", problem: String, remedy: String) {
        self.init([Fault(place: place, key: key, problem: problem, remedy: remedy)])
    }

    /// One line for each fault.
    public var description: String {
        faults.map(\.description).joined(separator: "\n")
    }
}
