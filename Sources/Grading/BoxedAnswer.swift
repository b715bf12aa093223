/// Finds the final answer in a model's text.
public enum BoxedAnswer {
    /// The content of the last complete box of `text`; nil when there is none.
    ///
    /// A box is `\boxed{...}` or `\fbox{...}`, its braces matched (`\{` and `\}` do not count), or
    /// `\boxed` followed by one word (`\boxed 5`). Boxes that are not closed and boxes with nothing
    /// in them ("put your answer in \boxed{}") are no answers. Of nested boxes the outermost
    /// complete one counts, and a box that holds only a box is that box.
    ///
    /// Takes time proportional to the length of `text`.
    ///
    /// - Parameter text: the model's own words; tool output has no place in it.
    /// - Returns: the content without surrounding white space, not empty.
    public static func last(in text: String) -> String? {
        var scanner = BoxScanner(bytes: Array(text.utf8))
        guard var content = scanner.lastBox() else { return nil }
        while let inner = onlyBox(of: content) { content = inner }
        return content
    }

    /// The content of the box that is all of `text`.
    private static func onlyBox(of text: String) -> String? {
        guard text.hasPrefix("\\boxed{") || text.hasPrefix("\\fbox{"), text.hasSuffix("}") else {
            return nil
        }
        var scanner = BoxScanner(bytes: Array(text.utf8))
        guard let content = scanner.lastBox(),
            text.utf8.count - content.utf8.count <= "\\boxed{}".utf8.count
        else { return nil }
        return content
    }
}

/// One pass over a text with a stack of open braces.
private struct BoxScanner {
    let bytes: [UInt8]
    private var position = 0
    /// For each open brace: where its content begins, and whether it opens a box.
    private var open: [(start: Int, isBox: Bool)] = []
    private var last: String?

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func lastBox() -> String? {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\"): readCommand()
            case UInt8(ascii: "{"):
                position += 1
                open.append((position, isBox: false))
            case UInt8(ascii: "}"):
                if let group = open.popLast(), group.isBox { note(group.start..<position) }
                position += 1
            default: position += 1
            }
        }
        return last
    }

    /// A backslash with a name, or with the one character it escapes.
    ///
    /// Two backslashes before `boxed` are a box written in an escaped string.
    private mutating func readCommand() {
        position += 1
        if position < bytes.count, bytes[position] == UInt8(ascii: "\\") { position += 1 }
        let nameStart = position
        while position < bytes.count, isLetter(bytes[position]) { position += 1 }
        let name = bytes[nameStart..<position]
        guard name.elementsEqual("boxed".utf8) || name.elementsEqual("fbox".utf8) else {
            if name.isEmpty, position < bytes.count, bytes[position - 1] == UInt8(ascii: "\\"),
                bytes[position] == UInt8(ascii: "{") || bytes[position] == UInt8(ascii: "}")
            {
                position += 1
            }
            return
        }
        var next = position
        while next < bytes.count, isSpace(bytes[next]) { next += 1 }
        if next < bytes.count, bytes[next] == UInt8(ascii: "{") {
            position = next + 1
            open.append((position, isBox: true))
        } else if next > position {
            readWord(from: next)
        }
    }

    /// `\boxed 5`: the word after the space, without the punctuation of its sentence.
    private mutating func readWord(from start: Int) {
        var end = start
        while end < bytes.count, !isSpace(bytes[end]), !"$}".utf8.contains(bytes[end]) { end += 1 }
        position = end
        while end > start, ".,;:".utf8.contains(bytes[end - 1]) { end -= 1 }
        // A word of prose after the mere mention of the command is no answer.
        guard bytes[start..<end].contains(where: isDigit) else { return }
        note(start..<end)
    }

    private mutating func note(_ range: Range<Int>) {
        var range = range
        while let first = range.first, isSpace(bytes[first]) {
            range = first + 1..<range.upperBound
        }
        while let end = range.last, isSpace(bytes[end]) { range = range.lowerBound..<end }
        if !range.isEmpty { last = String(decoding: bytes[range], as: UTF8.self) }
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }
}
