import Foundation
private import Glibc

/// A file that is written again and again, and of which only the last state counts.
enum BriefFile {
    /// Replaces the file at `path` as a whole.
    ///
    /// It is not synced to the disk, which would cost more than all the rest: after a crash of the machine
    /// it may be an older one, or empty.
    ///
    /// - Throws: what the operating system says.
    static func write(_ content: Data, to path: String) throws {
        let temporary = path + ".tmp"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure }
        let count = unsafe content.withUnsafeBytes { bytes in
            unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        }
        let written = count == content.count ? nil : count < 0 ? failure : POSIXError(.ENOSPC)
        // Network file systems tell of a full disk here.
        guard close(descriptor) == 0, written == nil, unsafe rename(temporary, path) == 0 else {
            let error = written ?? failure
            _ = unsafe unlink(temporary)
            throw error
        }
    }

    private static var failure: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
