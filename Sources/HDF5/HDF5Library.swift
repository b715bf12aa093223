internal import CHDF5Shim

/// The HDF5 library this program is linked with.
///
/// That it is a parallel one needs no asking: without MPI-IO the program would not have linked.
public enum HDF5Library {
    /// Version in three numbers, such as `1.10.8`.
    ///
    /// - Throws: ``HDF5Error`` when the library cannot be initialised.
    public static func version() throws -> String {
        var numbers: (major: UInt32, minor: UInt32, release: UInt32) = (0, 0, 0)
        try checked("H5get_libversion", "the library") {
            unsafe chdf5_get_libversion(&numbers.major, &numbers.minor, &numbers.release)
        }
        return "\(numbers.major).\(numbers.minor).\(numbers.release)"
    }
}
