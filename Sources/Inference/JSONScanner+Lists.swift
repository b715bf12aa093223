// A completion's tokens and log-probabilities are most of what is read. What stands in their lists as
// it usually does is read here in one go; anything else is left to the general functions.

extension JSONScanner {
    /// A list of token ids, with room for `expectedCount` of them from the beginning.
    mutating func tokenIDs(expectedCount: Int) throws(Failure) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(expectedCount)
        try enterArray()
        let bytes = bytes
        while try nextElement() {
            while let id = plainInteger(bytes.span) { ids.append(id) }
            guard let id = Int32(exactly: try integer()), id >= 0 else {
                throw failure("a token id does not fit into 31 bits")
            }
            ids.append(id)
        }
        return ids
    }

    /// Why a list holds NaN or Infinity.
    static let notFinite = "a log-probability is not a finite number"

    /// A number that is only a statistic; 0 where it is no count, nil where no number stands.
    mutating func count() throws(Failure) -> Int? {
        guard let first = peek(), first == UInt8(ascii: "-") || first &- 0x30 < 10 else {
            try skipValue()
            return nil
        }
        let value = try number()
        return (0...Double(Int32.max)).contains(value) ? Int(value) : 0
    }

    /// A list of numbers, each rounded to single precision, with room for `expectedCount` of them from
    /// the beginning.
    mutating func floats(expectedCount: Int) throws(Failure) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(expectedCount)
        try enterArray()
        let bytes = bytes
        while try nextElement() {
            while let value = plainNumber(bytes.span) { values.append(Float(value)) }
            // Python's words for what JSON cannot say.
            if let first = peek(), first == UInt8(ascii: "N") || first == UInt8(ascii: "I") {
                throw failure(Self.notFinite)
            }
            values.append(Float(try number()))
        }
        return values
    }

    /// The last element of a list of strings, of which the others are skipped; nil where it is none.
    mutating func lastString() throws(Failure) -> String? {
        try skipUnread()
        // A quote within a string has an odd number of backslashes before it, one around it has none.
        let end = bytes[..<(offset - 1)].lastIndex { $0 > 0x20 }
        guard let end, bytes[offset - 1] == UInt8(ascii: "]"), bytes[end] == UInt8(ascii: "\"")
        else { return nil }
        var start = end - 1
        while start >= 0 {
            if bytes[start] == UInt8(ascii: "\"") {
                let escapes = bytes[..<start].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
                if escapes.isMultiple(of: 2) { break }
            }
            start -= 1
        }
        guard start >= 0 else { return nil }
        var string = self
        string.offset = start
        return try string.string()
    }

    /// Reads an integer of up to nine digits and the comma behind it; nil, and nothing is read, where
    /// something else stands.
    @inline(__always)
    private mutating func plainInteger(_ text: Span<UInt8>) -> Int32? {
        var cursor = offset
        var value: UInt64 = 0
        Self.scanDigits(text, &cursor, into: &value)
        let count = cursor - offset
        guard 1...9 ~= count, count == 1 || text[offset] != UInt8(ascii: "0"),
            takesComma(text, at: cursor)
        else { return nil }
        return Int32(value)
    }

    /// Reads a number with a decimal point and without an exponent, and the comma behind it; nil, and
    /// nothing is read, where something else stands.
    @inline(__always)
    private mutating func plainNumber(_ text: Span<UInt8>) -> Double? {
        var cursor = offset
        let isNegative = cursor < text.count && text[cursor] == UInt8(ascii: "-")
        if isNegative { cursor += 1 }
        let whole = cursor
        var mantissa: UInt64 = 0
        Self.scanDigits(text, &cursor, into: &mantissa)
        guard 1...19 ~= cursor - whole,
            cursor == whole + 1 || text[whole] != UInt8(ascii: "0"),
            cursor < text.count, text[cursor] == UInt8(ascii: ".")
        else { return nil }
        cursor += 1
        let point = cursor
        var significant = whole + 1
        if mantissa == 0 {
            while cursor < text.count, text[cursor] == UInt8(ascii: "0") { cursor += 1 }
            significant = cursor
        }
        Self.scanDigits(text, &cursor, into: &mantissa)
        // More than 19 digits do not fit into the mantissa, which is wrong then.
        guard cursor > point, cursor - significant <= 19,
            let power = ScannedNumber.powerOfTen(cursor - point), takesComma(text, at: cursor)
        else { return nil }
        let magnitude = Double(mantissa) / power
        return isNegative ? -magnitude : magnitude
    }

    /// Moves behind the comma at `cursor`, where the next value must follow.
    @inline(__always)
    private mutating func takesComma(_ text: Span<UInt8>, at cursor: Int) -> Bool {
        guard cursor < text.count, text[cursor] == UInt8(ascii: ",") else { return false }
        offset = cursor + 1
        isAfterValue = false
        return true
    }

    /// Reads the digits at `cursor`, which moves behind them, and puts them behind those of `value`.
    @inline(__always)
    private static func scanDigits(
        _ text: Span<UInt8>,
        _ cursor: inout Int,
        into value: inout UInt64
    ) {
        while cursor + 8 <= text.count {
            let digits = word(text, at: cursor) ^ 0x3030_3030_3030_3030
            // Neither a digit nor six more than it reaches the upper half of its byte.
            let others = (digits | (digits &+ 0x0606_0606_0606_0606)) & 0xf0f0_f0f0_f0f0_f0f0
            let count = others.trailingZeroBitCount / 8
            guard count > 0 else { return }
            // Zeros in front, in place of what stands behind.
            let eight = eightDigits(digits << UInt64(8 * (8 - count)))
            cursor += count
            guard count == 8 else {
                if value != 0 { for _ in 0..<count { value = value &* 10 } }
                value = value &+ eight
                return
            }
            value = value &* 100_000_000 &+ eight
        }
        while cursor < text.count {
            let digit = text[cursor] &- 0x30
            guard digit < 10 else { return }
            value = value &* 10 &+ UInt64(digit)
            cursor += 1
        }
    }

    /// The value of eight digits, each in a byte, the first one lowest.
    @inline(__always)
    private static func eightDigits(_ digits: UInt64) -> UInt64 {
        // Neighbours join to pairs, pairs to fours, fours to the whole.
        let pairs = (digits &* 10 &+ digits >> 8) & 0x00ff_00ff_00ff_00ff
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_ffff_0000_ffff
        return (fours &* 10000 &+ fours >> 32) & 0xffff_ffff
    }
}
