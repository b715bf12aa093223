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

    /// How long `integer` is, with its sign.
    static func count(of integer: Int32) -> Int {
        let magnitude = integer.magnitude
        let sign = integer < 0 ? 1 : 0
        // Most ids of most vocabularies.
        if magnitude < 1_000_000 {
            let small = magnitude >= 100 ? (magnitude >= 1000 ? 4 : 3) : (magnitude >= 10 ? 2 : 1)
            let large = magnitude >= 100_000 ? 2 : (magnitude >= 10_000 ? 1 : 0)
            return sign + small + large
        }
        return sign + "\(magnitude)".utf8.count
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
