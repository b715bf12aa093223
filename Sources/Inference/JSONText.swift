internal import HTTP

/// JSON as UTF-8, written by hand: requests are small objects around a long list of ids.
struct JSONText {
    private var bytes: [UInt8] = []
    private var isAfterValue = false
    private var ids: [Int32] = []
    private var place = 0

    /// An object whose members `body` writes.
    static func object(_ body: (inout JSONText) -> Void) -> JSONBody {
        var text = JSONText()
        text.bytes.reserveCapacity(512)
        text.object(body)
        return JSONBody(text.bytes, inserting: text.ids, at: text.place)
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

    /// Token ids; there are thousands, so they stay what they are until the body is sent.
    ///
    /// One list at most.
    mutating func value(_ ids: [Int32]) {
        precondition(self.ids.isEmpty, "a body has one list of ids")
        separate()
        bytes.append(UInt8(ascii: "["))
        self.ids = ids
        place = bytes.count
        bytes.append(UInt8(ascii: "]"))
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
