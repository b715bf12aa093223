// Where a program ends. Its own strings and comments may hold the mark that ends it, so the text is read
// as Python reads it, as far as that needs: literals, their prefixes, escapes and comments.

/// The end of a code block in a text.
struct CodeEnd: Hashable {
    /// How strings are written.
    enum Language {
        /// Four kinds of quotes; those of one character end with their line.
        case python
        /// Double quotes; raw line feeds stand in them too.
        case json
    }

    /// Where the mark begins that ends the block; nil without one.
    private(set) var place: Int?
    /// Whether the text ends inside a string literal; then `place` is the first mark there is.
    private(set) var isInString = false

    private let mark: String
    private let language: Language
    /// The first mark anywhere.
    private var first: Int?

    /// Looks for `mark` outside of strings and comments.
    ///
    /// A mark at the end of a comment's line counts, one in its middle does not. One in a string literal that
    /// lacks its closing quotes counts.
    init(of mark: String, in text: TurnBytes, from start: Int, as language: Language) {
        self.mark = mark
        self.language = language
        var position = start
        while position < text.count, place == nil, !isInString {
            switch text[position] {
            case UInt8(ascii: "#") where language == .python:
                position = skipComment(text, from: position)
            case UInt8(ascii: "\""),
                UInt8(ascii: "'") where language == .python:
                position = skipString(text, from: position)
            default:
                if text.has(mark, at: position) { place = position }
                position += 1
            }
        }
        if isInString { place = first }
    }

    private mutating func skipComment(_ text: TurnBytes, from start: Int) -> Int {
        let end = text.lineEnd(from: start)
        var position = start
        while let found = text.range(of: mark, from: position, to: end) {
            first = first ?? found.lowerBound
            if text[found.upperBound..<end].isBlank {
                place = found.lowerBound
                break
            }
            position = found.upperBound
        }
        return end
    }

    /// Goes to the end of a literal.
    private mutating func skipString(_ text: TurnBytes, from start: Int) -> Int {
        let quote = text[start]
        let isLong = language == .python && text.runLength(at: start) >= 3
        if language == .python, !isLong, text.runLength(at: start) == 2 { return start + 2 }
        let length = isLong ? 3 : 1
        var position = start + length
        var firstInside: Int?
        while position < text.count {
            switch text[position] {
            // In raw strings too, a quote behind a backslash ends nothing.
            case UInt8(ascii: "\\"): position += 2
            case quote where !isLong || text.runLength(at: position) >= 3:
                first = first ?? firstInside
                return position + length
            case UInt8(ascii: "\n") where !isLong && language == .python:
                place = firstInside
                first = first ?? firstInside
                return position
            default:
                if firstInside == nil, text.has(mark, at: position) { firstInside = position }
                position += 1
            }
        }
        isInString = true
        first = first ?? firstInside
        return text.count
    }
}
