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

/// Sentences as lines of limited length.
public enum Paragraph {
    /// `text` broken at blanks, but not before a percent sign; each line ends in a newline.
    ///
    /// - Parameters:
    ///   - text: words; those that are longer than a line have one of their own.
    ///   - width: characters of a line, 1 or more.
    /// - Returns: nothing of nothing.
    public static func lines(_ text: String, width: Int = 79) -> String {
        var lines: [String] = []
        for word in text.replacing(" %", with: "\u{A0}%").split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines.map { $0.replacing("\u{A0}%", with: " %") + "\n" }.joined()
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
