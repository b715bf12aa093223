/// A complete box, as bytes of its text.
struct Box {
    /// From the command to the closing brace.
    let range: Range<Int>
    /// What is in it, not empty.
    let content: Range<Int>
}

/// One pass over a text with a stack of open braces.
struct BoxScanner {
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
    /// Two backslashes before `boxed` are a box written in an escaped string. Two before a brace end a
    /// row of a matrix: the brace counts.
    private mutating func readCommand() {
        let commandStart = position
        position += 1
        if position < bytes.count, bytes[position] == UInt8(ascii: "\\") { position += 1 }
        let nameStart = position
        while position < bytes.count, isLetter(bytes[position]) { position += 1 }
        let name = bytes[nameStart..<position]
        guard name.elementsEqual("boxed".utf8) || name.elementsEqual("fbox".utf8) else {
            let isEscape = nameStart == commandStart + 1
            if name.isEmpty, isEscape, position < bytes.count { position += 1 }
            return
        }
        var next = position
        while next < bytes.count, isSpace(bytes[next]) { next += 1 }
        if next < bytes.count, bytes[next] == UInt8(ascii: "{") {
            position = next + 1
            open.append((position, boxStart: commandStart))
        } else if next > position || next < bytes.count && isDigit(bytes[next]) {
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
