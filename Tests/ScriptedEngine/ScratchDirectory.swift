private import Foundation
public import HTTP

/// A directory for one test, with a short path; it goes with its last owner.
public final class ScratchDirectory: Sendable {
    /// The directory, below the temporary one.
    public let path: String

    /// A new and empty directory.
    ///
    /// - Throws: an error of `FileManager` when it cannot be made.
    public init() throws {
        let name = String(UInt64.random(in: .min ... .max), radix: 36)
        path = "/tmp/deepmath-\(name)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false
        )
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            print("\(path) is left behind: \(error)")
        }
    }

    /// A place for a socket in it.
    public func socket(_ name: String = "socket") -> HTTPEndpoint {
        .unixSocket(path: path + "/" + name)
    }
}
