/// JSON as UTF-8, written by hand: requests are small objects around a long list of ids.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var isAfterValue = false

    /// An object whose members `body` writes.
    static func object(_ body: (inout JSONText) -> Void) -> [UInt8] {
        var text = JSONText()
        text.bytes.reserveCapacity(1024)
        text.object(body)
        return text.bytes
    }

    mutating func object(_ body: (inout JSONText) -> Void) {
        container(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    mutating func array(_ body: (inout JSONText) -> Void) {
        container(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    /// A key; its value must follow.
    mutating func key(_ name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        isAfterValue = false
    }

    /// Token ids; there are thousands, so no text is made of each.
    mutating func value(_ ids: [Int32]) {
        separate()
        // With sign and comma; and room for what follows the list.
        let longest = ids.allSatisfy { 0..<1_000_000 ~= $0 } ? 7 : 12
        bytes.reserveCapacity(bytes.count + ids.count * longest + 1024)
        bytes.append(UInt8(ascii: "["))
        bytes.append(addingCapacity: ids.count * longest) { output in
            for id in ids {
                Self.write(id, to: &output)
                output.append(UInt8(ascii: ","))
            }
            if !ids.isEmpty { _ = output.removeLast() }
        }
        bytes.append(UInt8(ascii: "]"))
        isAfterValue = true
    }

    private static func write(_ id: Int32, to output: inout OutputSpan<UInt8>) {
        guard 0..<100_000_000 ~= id else {
            for digit in "\(id)".utf8 { output.append(digit) }
            return
        }
        var rest = UInt32(id)
        // The last digit comes first, so that the first one ends up in the lowest byte.
        var digits: UInt64 = 0
        var count = 0
        repeat {
            digits = digits << 8 | UInt64(rest % 10 + 0x30)
            rest /= 10
            count += 1
        } while rest > 0
        for _ in 0..<count {
            output.append(UInt8(truncatingIfNeeded: digits))
            digits >>= 8
        }
    }

    mutating func value(_ isTrue: Bool) { plain(isTrue ? "true" : "false") }

    mutating func value(_ integer: Int64) { plain("\(integer)") }

    /// A finite number, with as many digits as give it back exactly.
    mutating func value(_ number: Double) {
        precondition(number.isFinite, "JSON has no infinity")
        plain("\(number)")
    }

    mutating func value(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0a: bytes.append(contentsOf: Array("\\n".utf8))
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: Array("\\u00".utf8))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        isAfterValue = true
    }

    private mutating func container(
        _ start: UInt8,
        _ end: UInt8,
        _ body: (inout JSONText) -> Void
    ) {
        separate()
        bytes.append(start)
        isAfterValue = false
        body(&self)
        bytes.append(end)
        isAfterValue = true
    }

    private mutating func plain(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        isAfterValue = true
    }

    private mutating func separate() {
        if isAfterValue { bytes.append(UInt8(ascii: ",")) }
    }
}
