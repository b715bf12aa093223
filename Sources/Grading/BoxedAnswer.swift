/// Finds the final answer in a model's text.
public enum BoxedAnswer {
    /// The content of the last complete box of `text`; nil when there is none.
    ///
    /// Boxes that only `and`, `or`, punctuation or a name (`x_2 =`) separates from the last one are
    /// parts of one answer and are given as a list: `\boxed{1} and \boxed{2}` is `1, 2`.
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
        scanner.readAll()
        var contents: [String] = []
        var next: Box?
        for box in scanner.boxes.suffix(mostParts).reversed() {
            if let next, !areOneAnswer(scanner.bytes, box.range.upperBound..<next.range.lowerBound)
            {
                break
            }
            next = box
            var content = scanner.content(of: box)
            while let inner = onlyBox(of: content) { content = inner }
            // An answer that is said twice is still one.
            if !contents.contains(content) { contents.append(content) }
        }
        return contents.isEmpty ? nil : contents.reversed().joined(separator: ", ")
    }

    /// Boxes that make one answer, at most.
    private static let mostParts = 64
    /// Bytes between two boxes of one answer, at most.
    private static let longestJoint = 80

    /// Whether what stands between two boxes makes them parts of one answer.
    private static func areOneAnswer(_ bytes: [UInt8], _ gap: Range<Int>) -> Bool {
        guard !gap.isEmpty, gap.count <= longestJoint else { return gap.isEmpty }
        var joint = String(decoding: bytes[gap], as: UTF8.self)
        guard !joint.contains("\n\n") else { return false }
        for name in ["\\text", "\\mathrm", "\\qquad", "\\quad", "\\(", "\\)", "\\[", "\\]"] {
            joint = joint.replacing(name, with: " ")
        }
        // What is left of `\,` and `\;` is their punctuation, which separates as well.
        let words = joint.split { " \n\t$\\{},;&".contains($0) }
        let isSeparated = joint.contains { ",;&".contains($0) } || words.contains { joins($0) }
        // A name may come before the box: `y_2 =`, with or without spaces.
        let named = words.drop { joins($0) }.joined()
        return isSeparated && (named.isEmpty || isName(named))
    }

    private static func joins(_ word: Substring) -> Bool { word == "and" || word == "or" }

    /// Whether `text` is one letter, perhaps with an index, and an equals sign.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter, text.last == "=" else {
            return false
        }
        let index = text.dropFirst().dropLast()
        return index.isEmpty
            || index.first == "_" && index.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// The content of the box that is all of `text`.
    private static func onlyBox(of text: String) -> String? {
        guard text.hasPrefix("\\boxed{") || text.hasPrefix("\\fbox{"), text.hasSuffix("}") else {
            return nil
        }
        var scanner = BoxScanner(bytes: Array(text.utf8))
        scanner.readAll()
        guard let content = scanner.boxes.last.map(scanner.content),
            text.utf8.count - content.utf8.count <= "\\boxed{}".utf8.count
        else { return nil }
        return content
    }
}

/// A complete box, as bytes of its text.
private struct Box {
    /// From the command to the closing brace.
    let range: Range<Int>
    /// What is in it, not empty.
    let content: Range<Int>
}

/// One pass over a text with a stack of open braces.
private struct BoxScanner {
    let bytes: [UInt8]
    /// The complete boxes that are in no other, in order.
    private(set) var boxes: [Box] = []
    private var position = 0
    /// For each open brace: where its content begins, and where the box that it opens begins.
    private var open: [(start: Int, boxStart: Int?)] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    func content(of box: Box) -> String {
        String(decoding: bytes[box.content], as: UTF8.self)
    }

    mutating func readAll() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\"): readCommand()
            case UInt8(ascii: "{"):
                position += 1
                open.append((position, boxStart: nil))
            case UInt8(ascii: "}"):
                if let group = open.popLast(), let boxStart = group.boxStart {
                    note(group.start..<position, of: boxStart..<position + 1)
                }
                position += 1
            default: position += 1
            }
        }
    }

    /// A backslash with a name, or with the one character it escapes.
    ///
    /// Two backslashes before `boxed` are a box written in an escaped string.
    private mutating func readCommand() {
        let commandStart = position
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
            open.append((position, boxStart: commandStart))
        } else if next > position {
            readWord(from: next, of: commandStart)
        }
    }

    /// `\boxed 5`: the word after the space, without the punctuation of its sentence.
    private mutating func readWord(from start: Int, of commandStart: Int) {
        var end = start
        while end < bytes.count, !isSpace(bytes[end]), !"$}".utf8.contains(bytes[end]) { end += 1 }
        position = end
        while end > start, ".,;:".utf8.contains(bytes[end - 1]) { end -= 1 }
        // A word of prose after the mere mention of the command is no answer.
        guard bytes[start..<end].contains(where: isDigit) else { return }
        note(start..<end, of: commandStart..<end)
    }

    private mutating func note(_ content: Range<Int>, of range: Range<Int>) {
        var content = content
        while let first = content.first, isSpace(bytes[first]) {
            content = first + 1..<content.upperBound
        }
        while let end = content.last, isSpace(bytes[end]) { content = content.lowerBound..<end }
        guard !content.isEmpty else { return }
        // Boxes inside this one are a part of its content.
        while let inner = boxes.last, inner.range.lowerBound >= range.lowerBound {
            boxes.removeLast()
        }
        boxes.append(Box(range: range, content: content))
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
