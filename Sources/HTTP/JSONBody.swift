/// A JSON body: text, and in one place a list of integers, whose digits are made while it is sent.
///
/// Hundreds of requests with tens of thousands of token ids each are in flight at once: of a long body
/// nobody holds the whole as text.
public struct JSONBody: Sendable {
    fileprivate let text: [UInt8]
    fileprivate let integers: [Int32]
    /// Where the integers go into the text.
    fileprivate let place: Int
    /// Length of the whole, in bytes.
    public let byteCount: Int

    /// `text` as it stands: JSON as UTF-8.
    public init(_ text: [UInt8]) { self.init(text, inserting: [], at: 0) }

    /// `text` with `integers`, separated by commas, before the byte at `place`.
    public init(_ text: [UInt8], inserting integers: [Int32], at place: Int) {
        precondition(text.indices.contains(place) || place == text.count, "a place in the text")
        self.text = text
        self.integers = integers
        self.place = place
        let commaCount = max(0, integers.count - 1)
        byteCount = text.count + DecimalDigits.count(of: integers) + commaCount
    }

    /// The whole at once.
    public var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            var reader = JSONBodyReader(self)
            count = unsafe reader.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}

/// Gives a body in pieces, from its beginning.
struct JSONBodyReader {
    private let body: JSONBody
    private var textOffset = 0
    private var integerIndex = 0
    /// What did not fit of the integer given last.
    private var rest: [UInt8] = []

    init(_ body: JSONBody) { self.body = body }

    /// Fills `buffer` with what comes next.
    ///
    /// - Returns: bytes written: as many as there is room for, or all that are left.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        unsafe copyText(before: body.place, to: buffer, &filled)
        if textOffset == body.place {
            unsafe copyRest(to: buffer, &filled)
            unsafe writeIntegers(to: buffer, &filled)
        }
        if integerIndex == body.integers.count, rest.isEmpty {
            unsafe copyText(before: body.text.count, to: buffer, &filled)
        }
        return filled
    }

    private mutating func copyText(
        before end: Int,
        to buffer: UnsafeMutableRawBufferPointer,
        _ filled: inout Int
    ) {
        let count = min(end - textOffset, buffer.count - filled)
        guard count > 0 else { return }
        unsafe buffer[filled..<filled + count]
            .copyBytes(from: body.text[textOffset..<textOffset + count])
        textOffset += count
        filled += count
    }

    private mutating func copyRest(
        to buffer: UnsafeMutableRawBufferPointer,
        _ filled: inout Int
    ) {
        let count = min(rest.count, buffer.count - filled)
        guard count > 0 else { return }
        unsafe buffer[filled..<filled + count].copyBytes(from: rest[..<count])
        rest.removeFirst(count)
        filled += count
    }

    private mutating func writeIntegers(
        to buffer: UnsafeMutableRawBufferPointer,
        _ filled: inout Int
    ) {
        guard rest.isEmpty else { return }
        let integers = body.integers
        let digits = DecimalDigits.table
        // Those that surely fit, with their commas.
        while integerIndex < integers.count, buffer.count - filled > DecimalDigits.room {
            if integerIndex > 0 {
                unsafe buffer[filled] = UInt8(ascii: ",")
                filled += 1
            }
            unsafe digits.write(integers[integerIndex], to: buffer, &filled)
            integerIndex += 1
        }
        while integerIndex < integers.count, filled < buffer.count {
            rest = Array(((integerIndex > 0 ? "," : "") + "\(integers[integerIndex])").utf8)
            integerIndex += 1
            unsafe copyRest(to: buffer, &filled)
        }
    }
}
