/// A YAML document with the place of every value, so that each fault can be shown where it stands.
///
/// Scalars keep their text: what `5` means depends on the key, and the key's type decides.
struct ConfigurationTree {
    enum Content {
        /// `isPlain`: written without quotes, so that it may stand for a number or a null.
        case scalar(String, isPlain: Bool)
        case sequence([ConfigurationTree])
        case mapping([Entry])
    }

    struct Entry {
        let key: String
        let place: ConfigurationPlace
        var value: ConfigurationTree
    }

    var content: Content
    let place: ConfigurationPlace

    /// Plain text of a scalar that is not null; nil for quoted text and for collections.
    var plainText: String? {
        guard case .scalar(let text, isPlain: true) = content, !isNull else { return nil }
        return text
    }

    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }

    /// What was found, for "expected ..., found ...".
    var found: String {
        switch content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(let text, let isPlain):
            if isNull { return "nothing" }
            return isPlain ? text : "the text \"\(text)\""
        }
    }

    /// The place of the value at a path of keys, or of the nearest ancestor that was written.
    func place(of path: ArraySlice<Substring>) -> ConfigurationPlace {
        guard let first = path.first, case .mapping(let entries) = content,
            let entry = entries.last(where: { $0.key == first })
        else { return place }
        return path.count == 1 ? entry.place : entry.value.place(of: path.dropFirst())
    }

    /// Puts `value` at `path`, replacing what was there and creating mappings on the way.
    mutating func set(_ value: ConfigurationTree, at path: ArraySlice<Substring>) {
        guard let first = path.first else {
            self = value
            return
        }
        var entries: [Entry] = []
        if case .mapping(let present) = content { entries = present }
        let index = entries.firstIndex { $0.key == first }
        var child =
            index.map { entries[$0].value }
            ?? ConfigurationTree(content: .mapping([]), place: value.place)
        child.set(value, at: path.dropFirst())
        let entry = Entry(key: String(first), place: value.place, value: child)
        if let index {
            // A section keeps the place it was written at; only the value itself moves.
            let place = path.count == 1 ? entry.place : entries[index].place
            entries[index] = Entry(key: entry.key, place: place, value: child)
        } else {
            entries.append(entry)
        }
        content = .mapping(entries)
    }
}
