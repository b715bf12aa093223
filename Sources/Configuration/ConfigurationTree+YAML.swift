import Yams

extension ConfigurationTree {
    /// The tree of a YAML text; an empty text is an empty mapping.
    ///
    /// - Parameters:
    ///   - yaml: one document.
    ///   - place: the place of a line, counted from 1; nil for the text as a whole.
    /// - Throws: ``ConfigurationError`` when the text is not YAML.
    init(yaml: String, place: (Int?) -> ConfigurationPlace) throws(ConfigurationError) {
        do {
            guard let node = try Yams.compose(yaml: yaml) else {
                self.init(content: .mapping([]), place: place(nil))
                return
            }
            var budget = Budget()
            self = try Self.tree(node, place, line: nil, &budget)
        } catch let error as ConfigurationError {
            throw error
        } catch let error as YamlError {
            throw Self.syntaxError(error, place: place)
        } catch {
            throw ConfigurationError(
                place: place(nil),
                problem: "cannot be read as YAML (\(error))",
                remedy: "write `section:` lines with indented `key: value` lines below"
            )
        }
    }

    /// What a text may become: aliases that name lists of aliases grow without bound.
    private struct Budget {
        private var nodeCount = 0
        private var byteCount = 0

        static let mostNodes = 10_000
        static let mostBytes = 16 << 20

        mutating func take(_ byteCount: Int, at place: ConfigurationPlace)
            throws(ConfigurationError)
        {
            nodeCount += 1
            self.byteCount += byteCount
            guard nodeCount <= Self.mostNodes, self.byteCount <= Self.mostBytes else {
                throw ConfigurationError(
                    place: place,
                    problem: "the text has more than \(Self.mostNodes) values or "
                        + "\(Self.mostBytes >> 20) MiB, aliases written out",
                    remedy: "leave out what repeats, and write values in place of aliases"
                )
            }
        }
    }

    private static func tree(
        _ node: Node,
        _ place: (Int?) -> ConfigurationPlace,
        line: Int?,
        _ budget: inout Budget
    ) throws(ConfigurationError) -> Self {
        let line = node.mark?.line ?? line
        try budget.take(node.scalar?.string.utf8.count ?? 0, at: place(line))
        let content: Content
        switch node {
        case .scalar(let scalar):
            content = .scalar(scalar.string, isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            var items: [Self] = []
            for item in sequence { items.append(try tree(item, place, line: line, &budget)) }
            content = .sequence(items)
        case .mapping(let mapping):
            var entries: [Entry] = []
            for (key, value) in mapping {
                let keyLine = key.mark?.line ?? line
                entries.append(
                    Entry(
                        key: key.scalar?.string ?? "?",
                        place: place(keyLine),
                        value: try tree(value, place, line: keyLine, &budget)
                    )
                )
            }
            content = .mapping(entries)
        case .alias:
            // Composing resolves aliases; they occur only in nodes made for writing.
            content = .scalar("", isPlain: true)
        }
        return Self(content: content, place: place(line))
    }

    private static func syntaxError(
        _ error: YamlError,
        place: (Int?) -> ConfigurationPlace
    ) -> ConfigurationError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ConfigurationError(
                place: place(mark.line),
                problem: "broken YAML at column \(mark.column): \(problem)",
                remedy: "check indentation, colons and quotes on this line and the one before"
            )
        case .duplicatedKeysInMapping(let duplicates, let context):
            ConfigurationError(
                place: place(context.mark.line),
                key: duplicates.joined(separator: ", "),
                problem: "written twice in one section",
                remedy: "keep one of the two"
            )
        default:
            ConfigurationError(
                place: place(nil),
                problem: "broken YAML: \(error)".split(separator: "\n").joined(separator: " "),
                remedy: "save the file as plain UTF-8 text"
            )
        }
    }
}
