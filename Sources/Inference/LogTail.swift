private import Foundation

/// The end of a server's log, as errors quote it.
struct LogTail {
    private let path: String
    private let start: UInt64

    /// Longest piece of the log that is looked at.
    private static let longest: UInt64 = 256 << 10

    /// Only what is written to `path` from now on counts.
    init(path: String) {
        self.path = path
        start = Self.regularFileSize(path) ?? 0
    }

    /// The last lines, at most `count` of them; before them the last lines that speak of an error.
    ///
    /// A server that dies often prints a page of its libraries' farewells after the reason.
    func lines(_ count: Int) -> [String] {
        let all = text().split(whereSeparator: \.isNewline).map(String.init)
            .filter { !$0.hasPrefix(" - ") && !$0.hasPrefix("nanobind: leaked") }
        let last = all.suffix(count)
        let errors = all.dropLast(last.count).filter(Self.speaksOfError).suffix(5)
        return (errors + last).map { $0.count > 400 ? $0.prefix(400) + "..." : $0 }
    }

    private static func speaksOfError(_ line: String) -> Bool {
        line.contains("Error:") || line.contains("error:")
    }

    private func text() -> String {
        guard let size = Self.regularFileSize(path), size > start else { return "" }
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { file.closeFile() }
            let from = size - min(size - start, Self.longest)
            try file.seek(toOffset: from)
            let bytes = try file.read(upToCount: Int(size - from)) ?? Data()
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            return "(the log '\(path)' cannot be read: \(error))"
        }
    }

    /// Nil when there is no such file, or when it is a device such as `/dev/null`.
    private static func regularFileSize(_ path: String) -> UInt64? {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
            return (attributes[.size] as? NSNumber)?.uint64Value
        } catch {
            return nil
        }
    }
}
