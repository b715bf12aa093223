import Yams

/// A group of keys: a section of the file, or the file itself.
protocol ConfigurationSection: ConfigurationValue {
    /// All defaults; a required key holds an empty value until it is read.
    static var initial: Self { get }
    /// The declarations, in the order of the reference and of the resolved copy.
    static var keys: [ConfigurationKey<Self>] { get }
}

extension ConfigurationSection {
    static var typeText: String { "a section of keys" }

    static func read(
        _ tree: ConfigurationTree,
        key path: String,
        faults: inout [ConfigurationError.Fault]
    ) -> Self? {
        var section = initial
        let entries: [ConfigurationTree.Entry]
        switch tree.content {
        case .mapping(let present): entries = present
        case .scalar where tree.isNull: entries = []
        default:
            faults.append(.type(typeText, tree: tree, key: path))
            return nil
        }
        for entry in entries {
            let keyPath = path.isEmpty ? entry.key : "\(path).\(entry.key)"
            guard let key = keys.first(where: { $0.name == entry.key }) else {
                faults.append(unknown(entry, path: path, keyPath: keyPath))
                continue
            }
            key.read(entry.value, keyPath, &section, &faults)
        }
        for key in keys where !entries.contains(where: { $0.key == key.name }) {
            let keyPath = path.isEmpty ? key.name : "\(path).\(key.name)"
            if key.isSection {
                // What an absent section lacks is named by its keys.
                let empty = ConfigurationTree(content: .mapping([]), place: tree.place)
                key.read(empty, keyPath, &section, &faults)
            }
            guard key.isRequired else { continue }
            faults.append(
                ConfigurationError.Fault(
                    place: tree.place,
                    key: keyPath,
                    problem: "missing, and it has no default",
                    remedy: "add it to the file or pass --set \(keyPath)=..."
                )
            )
        }
        return section
    }

    private static func unknown(
        _ entry: ConfigurationTree.Entry,
        path: String,
        keyPath: String
    ) -> ConfigurationError.Fault {
        let names = keys.map(\.name)
        let what = path.isEmpty ? "unknown section" : "unknown key"
        let remedy: String
        if let near = Spelling.nearest(to: entry.key, among: names) {
            remedy = "did you mean \"\(near)\"?"
        } else if let elsewhere = JobConfiguration.path(ofKeyNamed: entry.key) {
            remedy = "did you mean \"\(elsewhere)\"?"
        } else {
            remedy = "known here: " + names.joined(separator: ", ")
        }
        return ConfigurationError.Fault(
            place: entry.place,
            key: keyPath,
            problem: what,
            remedy: remedy
        )
    }

    var node: Node {
        Node(Self.keys.map { ($0.name.node, $0.node(self)) }, Tag(.implicit), .block)
    }

    var text: String { "(a section)" }

    func facts(_ fact: ConfigurationFact) -> [ConfigurationFact] {
        Self.keys.flatMap { $0.facts(self, "\(fact.key).\($0.name)") }
    }

    /// Writes every key under its name in the file.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: KeyName.self)
        for key in Self.keys {
            try key.encode(self, &container)
        }
    }

    /// Reads the keys that are there; the others keep their defaults.
    ///
    /// For values this program wrote: rules, unknown and missing keys are checked by
    /// ``JobConfiguration/load(path:overrides:)`` alone.
    public init(from decoder: any Decoder) throws {
        self = Self.initial
        let container = try decoder.container(keyedBy: KeyName.self)
        for key in Self.keys {
            try key.decode(container, &self)
        }
    }
}
