internal import CHDF5Shim

/// What one element of a dataset is.
public enum ElementType: Hashable, Sendable, CaseIterable {
    /// Signed integers of 8, 16, 32 and 64 bits.
    case int8, int16, int32, int64
    /// Unsigned integers of 8 and 64 bits.
    case uint8, uint64
    /// IEEE 754 of 32 and 64 bits.
    case float, double

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16: 2
        case .int32, .float: 4
        case .int64, .uint64, .double: 8
        }
    }

    /// As it lies in memory.
    var memory: chdf5_id {
        switch self {
        case .int8: chdf5_memory_int8()
        case .int16: chdf5_memory_int16()
        case .int32: chdf5_memory_int32()
        case .int64: chdf5_memory_int64()
        case .uint8: chdf5_memory_uint8()
        case .uint64: chdf5_memory_uint64()
        case .float: chdf5_memory_float()
        case .double: chdf5_memory_double()
        }
    }

    /// As it lies in the file: little-endian on every machine.
    var stored: chdf5_id {
        switch self {
        case .int8: chdf5_stored_int8()
        case .int16: chdf5_stored_int16()
        case .int32: chdf5_stored_int32()
        case .int64: chdf5_stored_int64()
        case .uint8: chdf5_stored_uint8()
        case .uint64: chdf5_stored_uint64()
        case .float: chdf5_stored_float()
        case .double: chdf5_stored_double()
        }
    }
}

/// A Swift type that datasets are made of.
public protocol HDF5Element: BitwiseCopyable, Sendable {
    /// Its type in the file.
    static var elementType: ElementType { get }
}

extension Int8: HDF5Element {
    /// 8 bits, signed.
    public static var elementType: ElementType { .int8 }
}
extension UInt8: HDF5Element {
    /// 8 bits, unsigned.
    public static var elementType: ElementType { .uint8 }
}
extension Int16: HDF5Element {
    /// 16 bits, signed.
    public static var elementType: ElementType { .int16 }
}
extension Int32: HDF5Element {
    /// 32 bits, signed.
    public static var elementType: ElementType { .int32 }
}
extension Int64: HDF5Element {
    /// 64 bits, signed.
    public static var elementType: ElementType { .int64 }
}
extension UInt64: HDF5Element {
    /// 64 bits, unsigned.
    public static var elementType: ElementType { .uint64 }
}
extension Float: HDF5Element {
    /// IEEE 754, 32 bits.
    public static var elementType: ElementType { .float }
}
extension Double: HDF5Element {
    /// IEEE 754, 64 bits.
    public static var elementType: ElementType { .double }
}
