import Foundation

/// Why a file or directory could not be used, in the words that an administrator searches for.
package enum FileFailure {
    /// The reason of a failure of Foundation; the description of any other error.
    ///
    /// - Parameter error: what reading, writing or listing threw.
    /// - Returns: a few words without path and without a newline.
    package static func reason(_ error: any Error) -> String {
        if let error = error as? CocoaError {
            if let underlying = error.underlying as? POSIXError { return reason(underlying.code) }
            return reason(error.code)
        }
        if let error = error as? POSIXError { return reason(error.code) }
        return "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// A failure in one line, with its path where Foundation tells it; the description of other errors.
    ///
    /// For errors that no part of the program gave words of its own.
    package static func line(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        let path = error.filePath ?? error.url?.path ?? "a file"
        return "\(path): \(reason(error)); look whether it is still there and may be used"
    }

    private static func reason(_ code: CocoaError.Code) -> String {
        switch code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "no such file"
        case .fileReadNoPermission, .fileWriteNoPermission: "no permission"
        case .fileReadInapplicableStringEncoding, .fileReadUnknownStringEncoding,
            .fileReadCorruptFile:
            "not UTF-8 text"
        case .fileReadTooLarge: "too large"
        case .fileWriteOutOfSpace: "no space left"
        case .fileWriteVolumeReadOnly: "the file system is read-only"
        case .fileWriteFileExists: "a file of that name is in the way"
        case .fileReadInvalidFileName, .fileWriteInvalidFileName: "the name is not possible"
        default: "the system gave error \(code.rawValue)"
        }
    }

    private static func reason(_ code: POSIXErrorCode) -> String {
        switch code {
        case .ENOENT: "no such file"
        case .EACCES, .EPERM: "no permission"
        case .EISDIR: "it is a directory"
        case .ENOTDIR: "a part of the path is not a directory"
        case .EEXIST: "a file of that name is in the way"
        case .ENOSPC: "no space left"
        case .EDQUOT: "the quota is used up"
        case .EROFS: "the file system is read-only"
        case .EIO: "input/output error"
        case .ESTALE: "stale file handle: the server has another file there now"
        case .EMFILE, .ENFILE: "too many open files"
        case .ENAMETOOLONG: "the name is too long"
        case .ELOOP: "symbolic links lead in a circle"
        default: "the system gave error \(code.rawValue)"
        }
    }
}
