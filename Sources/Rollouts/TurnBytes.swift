// A text as bytes: marks are ASCII, so that places between bytes of a mark are places between characters.

/// A turn's text with the bytes that it is read by; places are offsets of bytes.
struct TurnBytes {
    private let text: Substring
    private let bytes: [UInt8]

    init(_ text: some StringProtocol) {
        self.text = Substring(text)
        bytes = Array(text.utf8)
    }

    var count: Int { bytes.count }

    subscript(_ place: Int) -> UInt8 { bytes[place] }

    /// The text of a range that begins and ends beside ASCII.
    subscript(_ range: Range<Int>) -> Substring {
        let utf8 = text.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return text[start..<utf8.index(start, offsetBy: range.count)]
    }

    /// Whether the bytes of `literal` stand at `place`.
    func has(_ literal: String, at place: Int) -> Bool {
        let wanted = literal.utf8
        return count - place >= wanted.count
            && wanted.elementsEqual(bytes[place..<place + wanted.count])
    }

    /// The first place of `literal` at or after `start`, before `end`.
    func range(of literal: String, from start: Int, to end: Int? = nil) -> Range<Int>? {
        guard let first = literal.utf8.first else { return nil }
        let length = literal.utf8.count
        var place = start
        while place + length <= end ?? count {
            if bytes[place] == first, has(literal, at: place) { return place..<place + length }
            place += 1
        }
        return nil
    }

    /// Place of the line feed at or after `place`, or of the end.
    func lineEnd(from place: Int) -> Int {
        bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? count
    }

    /// The line up to `place`.
    func lineBefore(_ place: Int) -> Substring {
        let start = bytes[..<place].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return self[start..<place]
    }

    /// The next place at or after `place` without white space.
    func afterSpace(from place: Int) -> Int {
        bytes[place...].firstIndex { !Self.isSpace($0) } ?? count
    }

    /// Number of equal bytes at `place`.
    func runLength(at place: Int) -> Int {
        bytes[place...].prefix { $0 == bytes[place] }.count
    }

    /// The end of a span of code that `count` back quotes before `start` begin, in the same line.
    func spanEnd(after start: Int, count wanted: Int) -> Int? {
        var place = start
        while place < count, bytes[place] != UInt8(ascii: "\n") {
            guard bytes[place] == UInt8(ascii: "`") else {
                place += 1
                continue
            }
            let length = runLength(at: place)
            place += length
            if length == wanted { return place }
        }
        return nil
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}

extension Collection<Substring> {
    /// The pieces in one; several times as fast as `joined()`, which knows no type.
    var text: String { reduce(into: "") { $0 += $1 } }

    /// Length of ``text`` in bytes.
    var utf8Count: Int { reduce(0) { $0 + $1.utf8.count } }
}

extension Substring {
    /// The first place of `literal`, compared by UTF-8 bytes.
    func range(ofLiteral literal: String) -> Range<Index>? {
        let bytes = TurnBytes(self)
        guard let range = bytes.range(of: literal, from: 0) else { return nil }
        let lower = utf8.index(startIndex, offsetBy: range.lowerBound)
        return lower..<utf8.index(lower, offsetBy: range.count)
    }

    /// Up to the first line feed.
    var firstLine: Substring { self[..<(utf8.firstIndex(of: 0x0a) ?? endIndex)] }

    var withoutFirstLine: Substring {
        guard let end = utf8.firstIndex(of: 0x0a) else { return self[endIndex...] }
        return self[utf8.index(after: end)...]
    }

    /// From the last line feed on.
    var lastLine: Substring {
        guard let end = utf8.lastIndex(of: 0x0a) else { return self }
        return self[utf8.index(after: end)...]
    }

    var withoutLastLine: Substring { self[..<(utf8.lastIndex(of: 0x0a) ?? startIndex)] }

    var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// Without the empty lines before and after it.
    var withoutEmptyEnds: Substring {
        var text = self
        while !text.isEmpty, text.firstLine.isBlank { text = text.withoutFirstLine }
        while !text.isEmpty, text.lastLine.isBlank { text = text.withoutLastLine }
        return text
    }

    /// Without white space at both ends.
    var withoutSpaces: Substring {
        guard let start = firstIndex(where: { !$0.isWhitespace }),
            let end = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[start...end]
    }
}
