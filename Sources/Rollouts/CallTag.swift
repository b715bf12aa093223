/// An opening `<tool_call>`, perhaps with attributes.
struct CallTag: Hashable {
    /// The mark that ends what it opens.
    static let closing = "</tool_call>"
    private static let opening = "<tool_call"

    /// What a word is quoted or set apart with.
    private static let quotes: [Character: String] = [
        "\"": "\"", "'": "'", "*": "*", "_": "_", "(": ")", "\u{201c}": "\u{201d}",
        "\u{2018}": "\u{2019}", "\u{201e}": "\u{201c}", "\u{ab}": "\u{bb}",
    ]

    /// Its place in the text.
    let range: Range<Int>
    /// Why what it opens is not run: an attribute names another tool.
    let problem: String?

    /// The tag at `place`; nil without one.
    init?(in text: TurnBytes, at place: Int) {
        guard text.has(Self.opening, at: place) else { return nil }
        let afterName = place + Self.opening.utf8.count
        guard afterName < text.count else { return nil }
        if text[afterName] == UInt8(ascii: ">") {
            range = place..<afterName + 1
            problem = nil
            return
        }
        let lineEnd = text.lineEnd(from: afterName)
        guard TurnBytes.isSpace(text[afterName]),
            let end = text.range(of: ">", from: afterName, to: lineEnd)
        else { return nil }
        let attributes = text[afterName..<end.lowerBound]
        guard attributes.contains("="), !attributes.contains("<") else { return nil }
        range = place..<end.upperBound
        problem = NativeCall.attribute("name", in: attributes).flatMap {
            NativeCall.refusal(ofTool: $0)
        }
    }

    /// Whether such a tag comes next, white space aside.
    static func isNext(in text: TurnBytes, from place: Int) -> Bool {
        CallTag(in: text, at: text.afterSpace(from: place)) != nil
    }

    /// Whether the text only speaks of the tag: in back quotes, or in a line of prose that goes on behind it.
    func isMention(in text: TurnBytes) -> Bool {
        let before = text.lineBefore(range.lowerBound)
        if before.hasSuffix("`"), !before.hasSuffix("```") { return true }
        if let last = before.last, let end = Self.quotes[last], text.has(end, at: range.upperBound)
        {
            return true
        }
        let lineEnd = text.lineEnd(from: range.upperBound)
        if let end = text.range(of: Self.closing, from: range.upperBound, to: lineEnd) {
            return ProseLine.joins(text[range.upperBound..<end.lowerBound])
        }
        let line = text[range.upperBound..<lineEnd]
        guard ProseLine.isProse(line) || line.contains("</think>") else { return false }
        // Prose may stand in front of a program, inside the tags.
        guard let end = text.range(of: Self.closing, from: lineEnd) else { return true }
        return text.range(of: Self.opening, from: lineEnd, to: end.lowerBound) != nil
    }
}
