internal import HDF5

/// A number that columns are made of.
protocol TraceElement: HDF5Element, AdditiveArithmetic {
    /// Its bits, for the digest of a column.
    var digestBits: UInt64 { get }
}

extension UInt8: TraceElement { var digestBits: UInt64 { UInt64(self) } }
extension Int32: TraceElement { var digestBits: UInt64 { UInt64(UInt32(bitPattern: self)) } }
extension Int64: TraceElement { var digestBits: UInt64 { UInt64(bitPattern: self) } }
extension UInt64: TraceElement { var digestBits: UInt64 { self } }
extension Float: TraceElement { var digestBits: UInt64 { UInt64(bitPattern) } }
extension Double: TraceElement { var digestBits: UInt64 { bitPattern } }

/// The checksum of a column in files of version 1.
///
/// Each element is mixed with its position (SplitMix64's finalizer, Steele, Lea, Flood, OOPSLA 2014),
/// so swapped, lost and changed elements all show.
enum ColumnDigest {
    /// The digest of `values` at positions `start...`; that of nothing is 0.
    static func digest<Element: TraceElement>(_ values: [Element], at start: Int) -> UInt64 {
        var digest: UInt64 = 0
        var place = UInt64(truncatingIfNeeded: start) &+ 1
        for value in values {
            var z = (value.digestBits ^ 0x6a09_e667_f3bc_c908) &+ place &* 0x9e37_79b9_7f4a_7c15
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            digest ^= z ^ (z >> 31)
            place &+= 1
        }
        return digest
    }
}
