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
            self.init(node, place: place, line: nil)
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

    private init(_ node: Node, place: (Int?) -> ConfigurationPlace, line: Int?) {
        let line = node.mark?.line ?? line
        let content: Content
        switch node {
        case .scalar(let scalar):
            content = .scalar(scalar.string, isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            content = .sequence(sequence.map { Self($0, place: place, line: line) })
        case .mapping(let mapping):
            content = .mapping(
                mapping.map { key, value in
                    let keyLine = key.mark?.line ?? line
                    return Entry(
                        key: key.scalar?.string ?? "?",
                        place: place(keyLine),
                        value: Self(value, place: place, line: keyLine)
                    )
                }
            )
        case .alias:
            // Composing resolves aliases; they occur only in nodes made for writing.
            content = .scalar("", isPlain: true)
        }
        self.init(content: content, place: place(line))
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
