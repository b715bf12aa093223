/// The opening of a fenced code block: three or more back quotes and a label.
struct CodeFence: Hashable {
    /// What the fence holds, by its label.
    enum Kind: Hashable {
        /// A program.
        case python
        /// What the model thinks that a program printed.
        case output
        /// A mark in a line of prose.
        case span
        /// Text that is not run; also the end of such a text.
        case other
    }

    let kind: Kind
    /// Place of the first back quote.
    let start: Int
    /// Place of what it holds.
    let contentStart: Int
    /// The mark that ends it.
    let closing: String
    /// The first word behind the back quotes, in lower case; empty without one.
    let label: String

    /// The fence of `count` back quotes at `start`.
    init(in text: TurnBytes, at start: Int, count: Int) {
        self.start = start
        closing = String(repeating: "`", count: count)
        let afterMark = start + count
        let lineEnd = text.lineEnd(from: afterMark)
        let line = text[afterMark..<lineEnd]
        let info = line.drop { $0.isWhitespace || "{.".contains($0) }
        let name = info.prefix { $0.isLetter || $0.isNumber || "._+-#".contains($0) }
        label = name.lowercased()
        let isAlone = text.lineBefore(start).isBlank
        let rest = info.dropFirst(name.count)
        let kind: Kind = Self.isPython(label) ? .python : label == "output" ? .output : .other
        guard !line.contains("`") else {
            // One line that is a whole block.
            let program = rest.prefix { $0 != "`" }
            let isBlock =
                isAlone && kind == .python && !program.isBlank && !ProseLine.isProse(program)
                && rest.dropFirst(program.count).withoutSpaces == closing
            contentStart = isBlock ? lineEnd - rest.utf8.count : afterMark
            self.kind = isBlock ? .python : .span
            return
        }
        contentStart = min(lineEnd + 1, text.count)
        self.kind = kind == .other || Self.isInfo(rest, isAlone: isAlone) ? kind : .span
    }

    /// Whether a label names Python: `python`, `py`, `python3`, `py3.12`, in any case.
    static func isPython(_ label: String) -> Bool {
        for name in ["python", "py"] where label.hasPrefix(name) {
            if label.dropFirst(name.count).allSatisfy({ $0.isNumber || $0 == "." }) { return true }
        }
        return false
    }

    /// Whether what follows a label can be its attributes: `title=x`, `{numbers}`, a file's name.
    private static func isInfo(_ rest: Substring, isAlone: Bool) -> Bool {
        let words = rest.split { $0.isWhitespace || $0 == "," }
        if words.allSatisfy({ "{}".contains($0) }) { return true }
        if words.contains(where: { $0.contains("=") || "{:.".contains($0.prefix(1)) }) {
            return true
        }
        return isAlone && words.count == 1 && !ProseLine.isProse(words[0])
    }
}
