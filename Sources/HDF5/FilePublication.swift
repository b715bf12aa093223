import Glibc

/// The way a file gets its final name: only when it is whole and on the disk.
///
/// A process or a machine that dies at any moment leaves either no file of that name, or all of it.
public enum FilePublication {
    /// Syncs `temporary`, gives it the name `final` (replacing a file of that name), and syncs the
    /// directory, so that the name survives too.
    ///
    /// - Parameters:
    ///   - temporary: a closed file, in the same directory as `final`.
    ///   - final: the name readers look for.
    ///   - directory: the directory of both.
    /// - Throws: ``HDF5Error/system(operation:path:message:)``.
    public static func publish(_ temporary: String, as final: String, in directory: String) throws {
        try sync(temporary)
        try checkedCall("rename", temporary) { unsafe rename(temporary, final) }
        try sync(directory)
    }

    /// Waits until a file or directory is on the disk.
    public static func sync(_ path: String) throws {
        let descriptor = try checkedCall("open", path) { unsafe open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        try checkedCall("fsync", path) { fsync(descriptor) }
    }

    @discardableResult
    private static func checkedCall(
        _ operation: String,
        _ path: String,
        _ body: () -> Int32
    ) throws -> Int32 {
        let result = body()
        guard result >= 0 else {
            let message = unsafe String(cString: strerror(errno))
            throw HDF5Error.system(operation: operation, path: path, message: message)
        }
        return result
    }
}
