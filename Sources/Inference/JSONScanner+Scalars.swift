extension JSONScanner {
    // MARK: Numbers

    /// The next value as an integer that fits into 64 bits.
    mutating func integer() throws(Failure) -> Int64 {
        let number = try scannedNumber()
        guard let value = number.integer else {
            throw Failure(offset: number.start, reason: "an integer is needed here")
        }
        return value
    }

    /// The next value as a number.
    ///
    /// Up to 19 digits are read as an integer and scaled by a power of ten, which is within two
    /// units in the last place of a double: enough to give back every `Float` exactly.
    mutating func number() throws(Failure) -> Double {
        let number = try scannedNumber()
        if let value = number.double { return value }
        let text = String(decoding: bytes[number.start..<offset], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw Failure(offset: number.start, reason: "a finite number is needed here")
        }
        return value
    }

    /// A number as it was scanned: `sign * mantissa * 10^exponent`.
    struct ScannedNumber {
        var start: Int
        var isNegative = false
        var mantissa: UInt64 = 0
        var digitCount = 0
        var exponent = 0
        var hasPoint = false

        /// Reads digits into the mantissa, which stops growing (not counting) after 19.
        @inline(__always)
        fileprivate mutating func scanDigits(_ text: Span<UInt8>, _ cursor: inout Int) {
            while cursor < text.count {
                let digit = text[cursor] &- 0x30
                guard digit < 10 else { break }
                if mantissa != 0 || digit != 0 { digitCount += 1 }
                if digitCount <= 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
                cursor += 1
            }
        }

        /// Nil when it is no integer of 64 bits.
        var integer: Int64? {
            guard !hasPoint, digitCount <= 19, mantissa <= UInt64(Int64.max) else { return nil }
            return isNegative ? -Int64(mantissa) : Int64(mantissa)
        }

        /// Nil when it needs a slower and more exact conversion.
        var double: Double? {
            guard digitCount <= 19, let power = Self.powerOfTen(abs(exponent)) else { return nil }
            let magnitude = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return isNegative ? -magnitude : magnitude
        }

        /// Nil above what a double holds exactly.
        static func powerOfTen(_ exponent: Int) -> Double? {
            exponent < powersOfTen.count ? powersOfTen[exponent] : nil
        }

        private static let powersOfTen: [Double] = [
            1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
            1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
        ]
    }

    mutating func scannedNumber() throws(Failure) -> ScannedNumber {
        guard let first = peek() else { throw failure("a value is missing") }
        let bytes = bytes
        let text = bytes.span
        var number = ScannedNumber(start: offset)
        var cursor = offset
        if first == UInt8(ascii: "-") {
            number.isNegative = true
            cursor += 1
        }
        let whole = cursor
        number.scanDigits(text, &cursor)
        guard cursor > whole, cursor == whole + 1 || text[whole] != UInt8(ascii: "0") else {
            throw Failure(offset: number.start, reason: "no JSON value")
        }
        if cursor < text.count, text[cursor] == UInt8(ascii: ".") {
            cursor += 1
            number.hasPoint = true
            let point = cursor
            number.scanDigits(text, &cursor)
            guard cursor > point else {
                throw Failure(offset: cursor, reason: "a digit is needed here")
            }
            number.exponent = point - cursor
        }
        offset = cursor
        if cursor < text.count, text[cursor] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            number.hasPoint = true
            try scanExponent(of: &number)
        }
        isAfterValue = true
        return number
    }

    /// Skips a number without working out its value.
    mutating func skipNumber() throws(Failure) {
        guard let first = peek() else { throw failure("a value is missing") }
        let start = offset
        var cursor = first == UInt8(ascii: "-") ? offset + 1 : offset
        let whole = cursor
        while cursor < bytes.count, bytes[cursor] &- 0x30 < 10 { cursor += 1 }
        guard cursor > whole, cursor == whole + 1 || bytes[whole] != 0x30 else {
            throw Failure(offset: start, reason: "no JSON value")
        }
        if cursor < bytes.count, bytes[cursor] == UInt8(ascii: ".") {
            let point = cursor
            cursor += 1
            while cursor < bytes.count, bytes[cursor] &- 0x30 < 10 { cursor += 1 }
            guard cursor > point + 1 else {
                throw Failure(offset: cursor, reason: "a digit is needed here")
            }
        }
        offset = cursor
        if cursor < bytes.count, bytes[cursor] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            var ignored = ScannedNumber(start: start)
            try scanExponent(of: &ignored)
        }
        isAfterValue = true
    }

    private mutating func scanExponent(of number: inout ScannedNumber) throws(Failure) {
        var isNegative = false
        if offset < bytes.count, bytes[offset] == 0x2b || bytes[offset] == 0x2d {
            isNegative = bytes[offset] == 0x2d
            offset += 1
        }
        let start = offset
        var exponent = 0
        while offset < bytes.count, bytes[offset] &- 0x30 < 10 {
            exponent = min(exponent * 10 + Int(bytes[offset] - 0x30), 100_000)
            offset += 1
        }
        guard offset > start else { throw failure("a digit is needed here") }
        number.exponent += isNegative ? -exponent : exponent
    }

    // MARK: Text

    /// The next value as text.
    mutating func string() throws(Failure) -> String {
        let (content, hasEscapes) = try scannedString()
        guard hasEscapes else {
            return try text(bytes.span.extracting(content), at: content.lowerBound)
        }
        return try unescaped(content)
    }

    /// Skips a string without decoding it.
    mutating func skipString() throws(Failure) { _ = try scannedString() }

    /// The bytes between the next two quotes, and whether escapes are among them.
    private mutating func scannedString() throws(Failure) -> (Range<Int>, hasEscapes: Bool) {
        try expect(UInt8(ascii: "\""))
        let bytes = bytes
        let text = bytes.span
        let start = offset
        var cursor = offset
        var hasEscapes = false
        while true {
            cursor = Self.endOfPlainText(text, from: cursor)
            guard cursor < text.count else { break }
            switch text[cursor] {
            case UInt8(ascii: "\""):
                offset = cursor + 1
                isAfterValue = true
                return (start..<cursor, hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                cursor += 2
            default:
                offset = cursor
                throw failure("a control character in a string")
            }
        }
        offset = bytes.count
        throw failure("a string is not closed")
    }

    private func text(_ content: Span<UInt8>, at start: Int) throws(Failure) -> String {
        do {
            return String(copying: try UTF8Span(validating: content))
        } catch {
            throw Failure(offset: start, reason: "a string is not UTF-8")
        }
    }

    private func unescaped(_ content: Range<Int>) throws(Failure) -> String {
        var plain: [UInt8] = []
        plain.reserveCapacity(content.count)
        var cursor = content.lowerBound
        while cursor < content.upperBound {
            let end = bytes[cursor..<content.upperBound].firstIndex(of: UInt8(ascii: "\\"))
            plain.append(contentsOf: bytes[cursor..<(end ?? content.upperBound)])
            guard let end else { break }
            cursor = end
            let letter = bytes[cursor + 1]
            cursor += 2
            if letter == UInt8(ascii: "u") {
                let scalar = try escapedScalar(&cursor, end: content.upperBound)
                plain.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            } else if let byte = Self.escapes[letter] {
                plain.append(byte)
            } else {
                throw Failure(offset: cursor - 1, reason: "an unknown escape in a string")
            }
        }
        return try text(plain.span, at: content.lowerBound)
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5c, UInt8(ascii: "/"): 0x2f,
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0c, UInt8(ascii: "n"): 0x0a,
        UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
    ]

    /// The scalar of `\uXXXX`, or of a surrogate pair of them; `cursor` stands after the `u`.
    ///
    /// Half a pair stands for no character and becomes U+FFFD, as servers that cut text between the
    /// two do send it.
    private func escapedScalar(
        _ cursor: inout Int,
        end: Int
    ) throws(Failure) -> Unicode.Scalar {
        let first = try hexadecimal(&cursor, end: end)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, cursor + 1 < end, bytes[cursor] == UInt8(ascii: "\\"),
            bytes[cursor + 1] == UInt8(ascii: "u")
        else { return "\u{fffd}" }
        var next = cursor + 2
        let second = try hexadecimal(&next, end: end)
        guard (0xdc00...0xdfff).contains(second) else { return "\u{fffd}" }
        cursor = next
        return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)) ?? "\u{fffd}"
    }

    private func hexadecimal(_ cursor: inout Int, end: Int) throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        guard cursor + 4 <= end else {
            throw Failure(offset: cursor, reason: "four hexadecimal digits are needed here")
        }
        for byte in bytes[cursor..<cursor + 4] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else {
                throw Failure(offset: cursor, reason: "four hexadecimal digits are needed here")
            }
            value = value << 4 | UInt32(digit)
        }
        cursor += 4
        return value
    }
}
