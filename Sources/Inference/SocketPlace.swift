private import Foundation
internal import HTTP

/// A directory that only this user can enter, with a socket's path in it that is short enough.
struct SocketPlace: Sendable {
    /// Path of the socket, at most 107 bytes.
    let path: String
    private let directory: String

    /// Makes a directory of mode 0700 in `runDirectory`, or in `TMPDIR` when that is too deep.
    init(runDirectory: String) throws(InferenceError.Cause) {
        let absolute = URL(filePath: runDirectory).standardizedFileURL.path(percentEncoded: false)
        let trimmed = absolute.hasSuffix("/") ? String(absolute.dropLast()) : absolute
        if Self.fits(trimmed + "/engine/socket") {
            directory = trimmed + "/engine"
        } else {
            let random = String(UInt64.random(in: .min ... .max), radix: 36)
            let temporary = FileManager.default.temporaryDirectory.path(percentEncoded: false)
            let base = temporary.hasSuffix("/") ? String(temporary.dropLast()) : temporary
            directory = base + "/deepmath-\(random)"
        }
        path = directory + "/socket"
        guard Self.fits(path) else {
            throw .invalidOptions(
                "a socket's path has at most \(HTTPEndpoint.longestSocketPath) bytes, and "
                    + "'\(path)' has \(path.utf8.count); set TMPDIR to a shorter path"
            )
        }
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true
            )
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o700],
                ofItemAtPath: directory
            )
        } catch {
            throw .invalidOptions("the directory '\(directory)' cannot be made: \(error)")
        }
    }

    private static func fits(_ path: String) -> Bool {
        path.utf8.count <= HTTPEndpoint.longestSocketPath
    }

    /// Whether a socket, or anything else, is at the path.
    var isTaken: Bool { FileManager.default.fileExists(atPath: path) }

    /// Makes sure that no living server has the path.
    ///
    /// - Throws: ``InferenceError/Cause/invalidOptions(_:)`` when one has; it is left alone.
    func claim() async throws(InferenceError.Cause) {
        guard isTaken else { return }
        let endpoint = EngineEndpoint.unixSocket(path: path)
        let http = try EngineServer.makeHTTP(for: endpoint)
        defer { http.close() }
        do throws(HTTPError) {
            _ = try await http.send(.get("/health", at: endpoint, deadline: .seconds(2)))
        } catch {
            switch error.cause {
            case .connectionFailed: return try removeSocket()
            case .cancelled: throw .cancelled
            default: break
            }
        }
        throw .invalidOptions(
            "another server listens at '\(path)'; give every rank a run directory of its own"
        )
    }

    /// Removes the socket that an earlier server has left: binding fails where one exists.
    func removeSocket() throws(InferenceError.Cause) {
        guard isTaken else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw .invalidOptions("the old socket '\(path)' cannot be removed: \(error)")
        }
    }

    /// Keeps other users from connecting, should the directory ever be opened.
    ///
    /// - Returns: whether the socket exists.
    func closeToOthers() -> Bool {
        guard isTaken else { return false }
        do {
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            return true
        } catch {
            return false
        }
    }

    /// Removes the directory with what is in it.
    ///
    /// - Returns: what went wrong, if anything; a left-over directory does no harm.
    func remove() -> String? {
        do {
            try FileManager.default.removeItem(atPath: directory)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
