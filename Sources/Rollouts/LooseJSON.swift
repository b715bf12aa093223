/// A JSON value as models write it: raw line feeds in strings, single or triple quotes, unknown escapes,
/// braces that are missing at the end.
enum LooseJSON: Hashable {
    case string(String)
    case object([String: LooseJSON])
    case array([LooseJSON])
    /// A number, a truth value or null.
    case other

    /// Values in each other, at most.
    private static let mostDepth = 32

    /// The values at the beginning of `text`, one after the other, until something is no value.
    static func values(in text: Substring) -> [LooseJSON] {
        var reader = Reader(bytes: Array(text.utf8))
        var values: [LooseJSON] = []
        while let value = reader.value(depth: 0) { values.append(value) }
        return values
    }

    private struct Reader {
        let bytes: [UInt8]
        private var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        private mutating func skipSpace() {
            while let byte = next, TurnBytes.isSpace(byte) { position += 1 }
        }

        mutating func value(depth: Int) -> LooseJSON? {
            skipSpace()
            guard let byte = next, depth < LooseJSON.mostDepth else { return nil }
            switch byte {
            case UInt8(ascii: "{"): return object(depth: depth)
            case UInt8(ascii: "["): return array(depth: depth)
            case UInt8(ascii: "\""), UInt8(ascii: "'"): return string().map { .string($0) }
            default: return depth > 0 ? other() : nil
            }
        }

        private mutating func object(depth: Int) -> LooseJSON? {
            position += 1
            var members: [String: LooseJSON] = [:]
            while !isOver(at: "}") {
                guard let byte = next, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"),
                    let key = string()
                else { return nil }
                skipSpace()
                guard next == UInt8(ascii: ":") else { return nil }
                position += 1
                guard let value = value(depth: depth + 1) else { return nil }
                members[key] = value
            }
            return .object(members)
        }

        private mutating func array(depth: Int) -> LooseJSON? {
            position += 1
            var elements: [LooseJSON] = []
            while !isOver(at: "]") {
                guard let value = value(depth: depth + 1) else { return nil }
                elements.append(value)
            }
            return .array(elements)
        }

        /// Passes white space, commas and the closing sign; what is missing at the end is taken as there.
        private mutating func isOver(at closing: Unicode.Scalar) -> Bool {
            while let byte = next, TurnBytes.isSpace(byte) || byte == UInt8(ascii: ",") {
                position += 1
            }
            guard let byte = next else { return true }
            guard byte == UInt8(ascii: closing) else { return false }
            position += 1
            return true
        }

        private mutating func other() -> LooseJSON? {
            let start = position
            while let byte = next, !TurnBytes.isSpace(byte), !",]}:\"'".utf8.contains(byte) {
                position += 1
            }
            return position > start ? .other : nil
        }

        /// A string; nil without its end.
        private mutating func string() -> String? {
            let quote = bytes[position]
            let isLong = bytes[position...].prefix(3).elementsEqual([quote, quote, quote])
            let length = isLong ? 3 : 1
            position += length
            var content: [UInt8] = []
            while let byte = next {
                if byte == quote,
                    bytes[position...].prefix(length).elementsEqual(
                        repeatElement(quote, count: length)
                    )
                {
                    position += length
                    return String(decoding: content, as: UTF8.self)
                }
                position += 1
                guard byte == UInt8(ascii: "\\") else {
                    content.append(byte)
                    continue
                }
                content += escape()
            }
            return nil
        }

        /// What stands behind a backslash.
        private mutating func escape() -> [UInt8] {
            guard let byte = next else { return [UInt8(ascii: "\\")] }
            position += 1
            switch byte {
            case UInt8(ascii: "n"): return [0x0a]
            case UInt8(ascii: "t"): return [0x09]
            case UInt8(ascii: "r"): return [0x0d]
            case UInt8(ascii: "b"): return [0x08]
            case UInt8(ascii: "f"): return [0x0c]
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"):
                return [byte]
            case UInt8(ascii: "u"): return unicode()
            // As in `\(`, which JSON does not know.
            default: return [UInt8(ascii: "\\"), byte]
            }
        }

        /// `\u0041`, or two halves of a pair.
        private mutating func unicode() -> [UInt8] {
            guard let unit = hexadecimal(at: position) else { return Array("\\u".utf8) }
            position += 4
            if (0xd800..<0xdc00).contains(unit), bytes[position...].starts(with: Array("\\u".utf8)),
                let second = hexadecimal(at: position + 2), (0xdc00..<0xe000).contains(second)
            {
                position += 6
                let value = 0x10000 + (UInt32(unit - 0xd800) << 10) + UInt32(second - 0xdc00)
                return Unicode.Scalar(value).map { Array(String($0).utf8) } ?? []
            }
            return Array(String(Unicode.Scalar(unit) ?? "\u{fffd}").utf8)
        }

        private func hexadecimal(at place: Int) -> UInt16? {
            guard place + 4 <= bytes.count else { return nil }
            return UInt16(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
        }
    }
}
