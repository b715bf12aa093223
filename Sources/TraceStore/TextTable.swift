/// Rows of words as aligned columns: the first to the left, the others to the right.
public struct TextTable: Sendable {
    private let rows: [[String]]

    /// A table of `rows`, of equal length.
    public init(_ rows: [[String]]) {
        self.rows = rows
    }

    /// The lines, each ending in a newline, without trailing blanks.
    public var text: String {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, (word, width)) in zip(row, widths).enumerated() {
                let padding = String(repeating: " ", count: width - word.count)
                line += column == 0 ? word + padding : "  " + padding + word
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

/// Comma-separated values (RFC 4180).
public enum CSV {
    /// A field, in quotes where it needs them.
    public static func quoted(_ field: String) -> String {
        guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
