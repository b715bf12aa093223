/// Integers in decimal, three digits at a time: token ids are most of what a run sends.
struct DecimalDigits {
    /// Bytes that ``write(_:to:_:)`` may touch: the longest integer has 11.
    static let room = 12

    /// Of 0 to 999: three digits, the first in the lowest byte.
    private let padded: [UInt32]
    /// Of 0 to 999: the digits without leading zeros, and their count in the highest byte.
    private let trimmed: [UInt32]

    /// The one there is: a loop takes it before it begins.
    static let table = DecimalDigits()

    private init() {
        padded = (0..<1000).map { (number: UInt32) in
            number / 100 + (number / 10 % 10) << 8 + (number % 10) << 16 + 0x30_3030
        }
        trimmed = padded.enumerated().map { number, digits in
            let count = number < 10 ? 1 : number < 100 ? 2 : 3
            return digits >> UInt32(8 * (3 - count)) | UInt32(count) << 24
        }
    }

    /// How long `integers` are together, with their signs.
    static func count(of integers: [Int32]) -> Int {
        var more: Int32 = 0
        // Below zero as soon as an integer is, or has more than six digits.
        var usual: Int32 = 0
        // Without a branch or a check, for the compiler to take several at once.
        unsafe integers.withUnsafeBufferPointer { integers in
            for index in integers.indices {
                let integer = unsafe integers[index]
                more &+= integer > 9 ? 1 : 0
                more &+= integer > 99 ? 1 : 0
                more &+= integer > 999 ? 1 : 0
                more &+= integer > 9999 ? 1 : 0
                more &+= integer > 99_999 ? 1 : 0
                usual |= integer | (999_999 &- integer)
            }
        }
        guard usual < 0 else { return integers.count + Int(more) }
        return integers.reduce(0) { $0 + "\($1)".utf8.count }
    }

    /// Writes `integer` to `buffer` from `offset` on, which moves behind it.
    ///
    /// There must be ``room``; what lies behind the integer may be overwritten.
    @inline(__always)
    func write(
        _ integer: Int32,
        to buffer: UnsafeMutableRawBufferPointer,
        _ offset: inout Int
    ) {
        guard 0..<1_000_000 ~= integer else {
            for digit in "\(integer)".utf8 {
                unsafe buffer[offset] = digit
                offset += 1
            }
            return
        }
        let (thousands, rest) = UInt32(integer).quotientAndRemainder(dividingBy: 1000)
        let first = trimmed[Int(thousands > 0 ? thousands : rest)]
        unsafe buffer.storeBytes(of: first, toByteOffset: offset, as: UInt32.self)
        offset += Int(first >> 24)
        if thousands > 0 {
            unsafe buffer.storeBytes(
                of: padded[Int(rest)],
                toByteOffset: offset,
                as: UInt32.self
            )
            offset += 3
        }
    }
}
