import Configuration
import Foundation

/// Lines of results, to a file or to standard output.
final class ResultLines: Sendable {
    /// The file cannot be written.
    struct NotWritable: Error, CustomStringConvertible {
        let path: String
        let reason: String

        var description: String {
            "\(path): cannot be written (\(reason)); name another file with --output"
        }
    }

    private let handle: FileHandle
    private let path: String?

    /// Results go to the file at `path`, which is emptied, or to standard output.
    ///
    /// - Throws: ``NotWritable``.
    init(path: String?) throws(NotWritable) {
        self.path = path
        guard let path else {
            handle = .standardOutput
            return
        }
        do {
            let file = URL(fileURLWithPath: path)
            try Data().write(to: file)
            handle = try FileHandle(forWritingTo: file)
        } catch {
            throw NotWritable(path: path, reason: FileFailure.reason(error))
        }
    }

    /// Adds one line.
    ///
    /// - Throws: an error of the file system.
    func write(_ line: String) throws { try handle.write(contentsOf: Data((line + "\n").utf8)) }

    /// Closes the file.
    ///
    /// - Throws: an error of the file system.
    func close() throws {
        if path != nil { try handle.close() }
    }
}

/// Standard error, where people read what went wrong.
enum StandardError {
    /// Writes one line.
    static func write(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
