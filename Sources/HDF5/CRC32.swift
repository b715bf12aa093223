internal import CHDF5Shim

/// The CRC-32 of bytes that processes have parts of (ISO 3309, as zlib and Python's `zlib.crc32`).
///
/// It is linear over GF(2): the whole's is the exclusive or of what each part contributes, in any order,
/// and of the CRC-32 of as many zero bytes.
public struct CRC32: Hashable, Sendable {
    /// The checksum.
    public private(set) var value: UInt32

    /// That of no bytes.
    public init() { value = 0 }

    private init(value: UInt32) { self.value = value }

    /// That of `count` zero bytes, 0 or more.
    public init(zeros count: Int) {
        value = Self.advanced(.max, over: count) ^ .max
    }

    /// Adds numbers at the end, as they lie in memory and in the file.
    public mutating func append<Element: HDF5Element>(elements: [Element]) {
        let before = value
        unsafe elements.withUnsafeBytes { bytes in
            // zlib takes no address for a request to start anew.
            guard let address = bytes.baseAddress else { return }
            value = unsafe chdf5_crc32(before, address, bytes.count)
        }
    }

    /// What a part adds to the whole's checksum.
    ///
    /// - Parameters:
    ///   - part: the checksum of the part alone.
    ///   - count: its bytes.
    ///   - following: number of bytes of the whole behind it.
    /// - Returns: to be joined with the others by exclusive or.
    public static func contribution(of part: CRC32, count: Int, following: Int) -> UInt32 {
        advanced(part.value ^ CRC32(zeros: count).value, over: following)
    }

    /// The whole's checksum, from the joined contributions of all its parts and its length in bytes.
    public init(contributions: UInt32, count: Int) {
        self.init(value: contributions ^ CRC32(zeros: count).value)
    }

    /// A state of the division after `count` more zero bytes.
    private static func advanced(_ state: UInt32, over count: Int) -> UInt32 {
        // zlib does not end with a negative length.
        precondition(count >= 0, "a part lies within the whole")
        return count == 0 ? state : chdf5_crc32_combine(state, 0, Int64(count))
    }
}
