import Yams

/// A type that a key of the configuration may have.
protocol ConfigurationValue: Codable, Hashable, Sendable {
    /// What a reader is told to write: "a whole number".
    static var typeText: String { get }

    /// The value written in `tree`; nil when it is not one, with the fault noted.
    static func read(
        _ tree: ConfigurationTree,
        key: String,
        faults: inout [ConfigurationError.Fault]
    ) -> Self?

    /// The value as YAML.
    var node: Node { get }

    /// The value in one line, as the reference and error messages show it.
    var text: String { get }

    /// The declarations below `fact`'s key with this value: itself, or the keys of a section.
    func facts(_ fact: ConfigurationFact) -> [ConfigurationFact]
}

extension ConfigurationValue {
    func facts(_ fact: ConfigurationFact) -> [ConfigurationFact] { [fact] }
}

/// A value that stands in one scalar.
protocol ScalarValue: ConfigurationValue {
    /// The value of plain (unquoted) text, nil when it is not one.
    init?(plain: String)
}

extension ScalarValue {
    static func read(
        _ tree: ConfigurationTree,
        key: String,
        faults: inout [ConfigurationError.Fault]
    ) -> Self? {
        if let text = tree.plainText, let value = Self(plain: text) { return value }
        faults.append(.type(Self.typeText, tree: tree, key: key))
        return nil
    }

    var node: Node { Node(text, Tag(.implicit), .plain) }
}

extension ConfigurationError.Fault {
    static func type(_ expected: String, tree: ConfigurationTree, key: String) -> Self {
        Self(
            place: tree.place,
            key: key,
            problem: "expected \(expected), found \(tree.found)",
            remedy: "write \(expected)"
        )
    }
}

extension Int: ScalarValue {
    static var typeText: String { "a whole number" }
    init?(plain: String) { self.init(plain) }
    var text: String { "\(self)" }
}

extension UInt64: ScalarValue {
    static var typeText: String { "a whole number from 0" }
    init?(plain: String) { self.init(plain) }
    var text: String { "\(self)" }
}

extension Double: ScalarValue {
    static var typeText: String { "a number" }

    init?(plain: String) {
        guard let value = Double(plain), value.isFinite else { return nil }
        self = value
    }

    /// Whole numbers without a fraction; everything else in the shortest form that reads back.
    var text: String {
        guard let whole = Int(exactly: self) else { return "\(self)" }
        return "\(whole)"
    }
}

extension Bool: ScalarValue {
    static var typeText: String { "true or false" }
    init?(plain: String) { self.init(plain) }
    var text: String { "\(self)" }
}

extension String: ConfigurationValue {
    static var typeText: String { "text" }

    /// Any scalar: a path or a model may look like a number.
    static func read(
        _ tree: ConfigurationTree,
        key: String,
        faults: inout [ConfigurationError.Fault]
    ) -> String? {
        if case .scalar(let text, _) = tree.content, !tree.isNull { return text }
        faults.append(.type(typeText, tree: tree, key: key))
        return nil
    }

    /// Quoted unless it cannot be taken for anything else.
    var node: Node {
        let isWord =
            first.map { $0.isLetter || "./_".contains($0) } ?? false
            && unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic
                        || "0123456789-_./".contains(Character(scalar)))
            }
            && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
                .contains(lowercased())
            && Double(self) == nil && !hasPrefix(".")
        return Node(self, Tag(.str), isWord ? .plain : .doubleQuoted)
    }

    var text: String { self }
}

extension Optional: ConfigurationValue where Wrapped: ConfigurationValue {
    static var typeText: String { "\(Wrapped.typeText) or null" }

    static func read(
        _ tree: ConfigurationTree,
        key: String,
        faults: inout [ConfigurationError.Fault]
    ) -> Wrapped?? {
        if tree.isNull { return .some(nil) }
        return Wrapped.read(tree, key: key, faults: &faults).map { .some($0) }
    }

    var node: Node { self?.node ?? Node("null", Tag(.null), .plain) }
    var text: String { self?.text ?? "null" }
}

extension Array: ConfigurationValue where Element: ConfigurationValue {
    static var typeText: String { "a list of \(Element.typeText)" }

    static func read(
        _ tree: ConfigurationTree,
        key: String,
        faults: inout [ConfigurationError.Fault]
    ) -> [Element]? {
        guard case .sequence(let items) = tree.content else {
            faults.append(.type(typeText, tree: tree, key: key))
            return nil
        }
        let values = items.enumerated().map { index, item in
            Element.read(item, key: "\(key)[\(index)]", faults: &faults)
        }
        let read = values.compactMap { $0 }
        return read.count == values.count ? read : nil
    }

    var node: Node { Node(map(\.node), Tag(.implicit), isEmpty ? .flow : .block) }
    /// On one line, whatever is in it.
    var text: String {
        let items = map {
            $0.text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        }
        return "[" + items.joined(separator: ", ") + "]"
    }
}

extension Dictionary: ConfigurationValue where Key == String, Value == String {
    static var typeText: String { "a mapping of names to text" }

    static func read(
        _ tree: ConfigurationTree,
        key: String,
        faults: inout [ConfigurationError.Fault]
    ) -> [String: String]? {
        guard case .mapping(let entries) = tree.content else {
            faults.append(.type(typeText, tree: tree, key: key))
            return nil
        }
        var values: [String: String] = [:]
        for entry in entries {
            let entryKey = "\(key).\(entry.key)"
            values[entry.key] = String.read(entry.value, key: entryKey, faults: &faults)
        }
        return values.count == entries.count ? values : nil
    }

    private var sorted: [(key: String, value: String)] {
        self.sorted { $0.key < $1.key }
    }

    var node: Node {
        Node(sorted.map { ($0.key.node, $0.value.node) }, Tag(.implicit), isEmpty ? .flow : .block)
    }

    var text: String {
        "{" + sorted.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    }
}
