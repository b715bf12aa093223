internal import CHDF5Shim
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

    /// Makes sure that a file of a size can be written to a directory now.
    ///
    /// HDF5 does not get over a full disk in the middle of a collective write, so the space is asked for
    /// before. Where the file system cannot set space aside, nothing is known and nothing is thrown.
    ///
    /// - Parameters:
    ///   - byteCount: size of the file to come.
    ///   - path: its path; a second file beside it exists for a moment, with `.space.tmp` at the end.
    /// - Throws: ``HDF5Error/system(operation:path:message:)`` when the disk or the quota is too small.
    public static func reserve(_ byteCount: Int, for path: String) throws {
        let space = path + ".space.tmp"
        let descriptor = try checkedCall("open", space) {
            unsafe open(space, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        }
        defer {
            close(descriptor)
            remove(space)
        }
        try checkedCall("set aside \(byteCount) bytes for", path) {
            let result = chdf5_fallocate(descriptor, 0, 0, Int64(byteCount))
            return result != 0 && [EOPNOTSUPP, ENOSYS].contains(errno) ? 0 : result
        }
    }

    /// Asks the kernel to begin bringing a part of a file to the disk, and waits for nothing.
    ///
    /// Only a hint, so that the disk works while more is written; ``sync(_:)`` does what is left.
    public static func beginSync(_ path: String, offset: Int, count: Int) {
        // Of no bytes means of all to the end.
        guard count > 0 else { return }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = chdf5_sync_file_range(
            descriptor,
            Int64(offset),
            Int64(count),
            chdf5_sync_file_range_write()
        )
        close(descriptor)
    }

    /// Removes a file that may be there.
    public static func remove(_ path: String) {
        _ = unsafe unlink(path)
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
