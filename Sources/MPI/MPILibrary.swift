internal import CMPIShim

/// The MPI library this program is linked with; it need not run to be asked.
public enum MPILibrary {
    /// The library's own name and version in one line, such as `Open MPI v4.1.4`; nil when it does
    /// not tell.
    public static var version: String? {
        let capacity = Int(cmpi_max_library_version_string())
        let told = unsafe text(capacity: capacity) { unsafe cmpi_get_library_version($0, $1) }
        // Open MPI goes on with its build, separated by commas.
        return told?.split(whereSeparator: { $0 == "," || $0 == "\n" }).first.map(String.init)
    }
}
