/// JSON as UTF-8, written by hand: requests are small objects around a long list of ids.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var isAfterValue = false

    /// An object whose members `body` writes.
    static func object(_ body: (inout JSONText) -> Void) -> [UInt8] {
        var text = JSONText()
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

    mutating func value(_ ids: [Int32]) {
        bytes.reserveCapacity(bytes.count + ids.count * 7 + 2)
        array { text in for id in ids { text.append(id) } }
    }

    /// An id as an element of a list; there are thousands, so no text is made of each.
    private mutating func append(_ id: Int32) {
        guard id >= 0 else { return value(Int64(id)) }
        separate()
        var divisor: Int32 = 1
        while id / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(truncatingIfNeeded: id / divisor % 10) + UInt8(ascii: "0"))
            divisor /= 10
        }
        isAfterValue = true
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
