// Messages as bytes: fixed little-endian fields, counts before lists, nothing self-describing,
// because both sides are the same program. A reader checks every count against what is left.

/// Bytes of a message were not what its kind promises.
struct MalformedMessage: Error, Hashable, CustomStringConvertible {
    /// Byte position at which reading stopped.
    let offset: Int
    /// What was expected there.
    let expected: String

    var description: String { "malformed message: expected \(expected) at byte \(offset)" }
}

/// Appends values to a message.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: UInt8) { bytes.append(value) }

    mutating func write(_ value: Int) {
        let word = UInt64(bitPattern: Int64(value))
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
        }
    }

    mutating func write(_ value: Double) {
        write(Int(Int64(bitPattern: value.bitPattern)))
    }

    mutating func write(_ text: String) {
        let utf8 = Array(text.utf8)
        write(utf8.count)
        bytes += utf8
    }

    mutating func write<Element>(
        list: [Element],
        _ element: (inout ByteWriter, Element) -> Void
    ) {
        write(list.count)
        for item in list { element(&self, item) }
    }
}

/// Takes values off a message, in the order they were written.
struct ByteReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func byte() throws -> UInt8 {
        guard offset < bytes.count else { throw malformed("a byte") }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func integer() throws -> Int {
        guard bytes.count - offset >= 8 else { throw malformed("an integer") }
        var word: UInt64 = 0
        for index in 0..<8 { word |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
        offset += 8
        return Int(truncatingIfNeeded: Int64(bitPattern: word))
    }

    mutating func number() throws -> Double {
        Double(bitPattern: UInt64(bitPattern: Int64(try integer())))
    }

    /// A count, not negative and not more than the bytes that are left.
    mutating func count() throws -> Int {
        let value = try integer()
        guard value >= 0, value <= bytes.count - offset else { throw malformed("a count") }
        return value
    }

    mutating func text() throws -> String {
        let length = try count()
        defer { offset += length }
        guard let text = String(validating: bytes[offset..<offset + length], as: UTF8.self) else {
            throw malformed("UTF-8 text")
        }
        return text
    }

    mutating func list<Element>(
        _ element: (inout ByteReader) throws -> Element
    ) throws -> [Element] {
        let length = try count()
        var items: [Element] = []
        items.reserveCapacity(length)
        for _ in 0..<length { items.append(try element(&self)) }
        return items
    }

    func end() throws {
        guard offset == bytes.count else { throw malformed("the end") }
    }

    func malformed(_ expected: String) -> MalformedMessage {
        MalformedMessage(offset: offset, expected: expected)
    }
}
