public import Configuration
import Foundation
public import RolloutModel

/// The problems of a run, in file order.
public struct Dataset: Hashable, Sendable {
    /// At least one; ids are unique, statements and answers are not empty.
    public let problems: [Problem]
    /// SHA-256 of the file's bytes, 64 lower-case hexadecimal digits.
    public let hash: String
    /// The file they came from.
    public let path: String

    /// Reads a JSONL file: one object a line, UTF-8; blank lines are skipped.
    ///
    /// An answer may be a text or a number. With a limit, reading ends after so many problems; the
    /// hash is of the whole file all the same.
    ///
    /// - Parameter section: the file, the names of its fields, and the limit.
    /// - Returns: the problems with the hash of the file.
    /// - Throws: ``DatasetError`` for the first fault found.
    public static func load(_ section: DatasetSection) throws(DatasetError) -> Dataset {
        let path = section.path
        var bytes = try contents(of: path)
        let hash = SHA256.hexDigest(of: bytes)
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
        var problems: [Problem] = []
        var lineOfID: [String: Int] = [:]
        let newline = UInt8(ascii: "\n")
        for (index, line) in bytes.split(separator: newline, omittingEmptySubsequences: false)
            .enumerated()
        {
            if let limit = section.limit, problems.count == limit { break }
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
            let reader = ProblemLine(path: path, number: index + 1, fields: section.fields)
            let problem = try reader.problem(line)
            if let first = lineOfID.updateValue(index + 1, forKey: problem.id) {
                throw DatasetError(
                    path: path,
                    line: index + 1,
                    field: section.fields.id,
                    problem: "\"\(problem.id)\" is already the id of line \(first)",
                    remedy: "give every problem an id of its own"
                )
            }
            problems.append(problem)
        }
        guard !problems.isEmpty else {
            throw DatasetError(
                path: path,
                problem: "is empty: it holds no problem",
                remedy:
                    "write one JSON object a line: {\"id\": ..., \"problem\": ..., \"answer\": ...}"
            )
        }
        return Dataset(problems: problems, hash: hash, path: path)
    }

    private static func contents(of path: String) throws(DatasetError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            let reason = FileFailure.reason(error)
            throw DatasetError(
                path: path,
                problem: reason == "no such file" ? reason : "cannot be read (\(reason))",
                remedy:
                    "set dataset.path to a readable JSONL file, relative to the working directory"
            )
        }
    }
}
