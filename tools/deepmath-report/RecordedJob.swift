import Configuration
import TraceStore

/// The configuration that a run was made with, as its file records it, with what the user changes.
enum RecordedJob {
    /// What is wrong with the record: one line.
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameters:
    ///   - reader: of the run.
    ///   - overrides: `section.key=value` each.
    /// - Returns: the configuration, checked.
    /// - Throws: `ConfigurationError`; ``Missing`` when the file does not say.
    static func configuration(
        _ reader: TraceReader,
        overrides: [String]
    ) throws -> JobConfiguration {
        guard let text = try reader.attributes()["configuration"] else {
            throw Missing(
                description: "\(reader.path): does not say with which configuration it was made; "
                    + "nothing can be run again"
            )
        }
        return try JobConfiguration.parse(
            yaml: text,
            name: reader.path + ":configuration",
            overrides: overrides
        )
    }

    /// Two lists of libraries, `name version, ...`, as lines for people; what differs is marked.
    static func versions(recorded: String, now: String) -> String {
        let (then, now) = (parsed(recorded), parsed(now))
        var rows = [["library", "recorded", "now", ""]]
        for name in Set(then.keys).union(now.keys).sorted() {
            let (old, new) = (then[name] ?? "-", now[name] ?? "-")
            rows.append([name, old, new, old == new ? "" : "differs"])
        }
        return TextTable(rows).text
    }

    /// The versions by name.
    static func parsed(_ list: String) -> [String: String] {
        let pairs = list.split(separator: ",").compactMap { item -> (String, String)? in
            let words = item.split(separator: " ")
            return words.count == 2 ? (String(words[0]), String(words[1])) : nil
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// The versions as an object.
    static func json(_ list: String) -> String {
        "{"
            + parsed(list).sorted { $0.key < $1.key }
            .map { "\(JSON.quoted($0.key)): \(JSON.quoted($0.value))" }.joined(separator: ", ")
            + "}"
    }
}
