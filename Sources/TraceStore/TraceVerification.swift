internal import HDF5
internal import RolloutModel

/// Checks a run's files against their schema, their checksums and the laws of traces.
public struct TraceVerification: Sendable {
    /// What was found in one file.
    public struct Finding: Hashable, Sendable {
        /// The file.
        public let path: String
        /// Where in it, and what does not hold.
        public let reason: String
    }

    /// What does not hold, in the order of files; empty when all is well.
    public private(set) var findings: [Finding] = []
    /// Files that were looked at.
    public private(set) var fileCount = 0
    /// Episodes in them.
    public private(set) var episodeCount = 0
    /// Bytes of datasets that were read, before filters.
    public private(set) var byteCount = 0

    /// Verifies everything that `path` names, a run directory or one file.
    ///
    /// - Parameters:
    ///   - path: of the run or file.
    ///   - wanted: whether a file is to be looked at, by its path; called just before it is opened.
    ///   - willCheck: called with the path of each open file before its content is read.
    ///   - progress: called now and then with the bytes that were checked and those of the whole run.
    /// - Throws: ``TraceError`` when there is nothing to look at.
    public init(
        run path: String,
        wanted: (String) -> Bool = { _ in true },
        willCheck: (String) -> Void = { _ in },
        progress: (_ byteCount: Int, _ total: Int) -> Void = { _, _ in }
    ) throws {
        var damaged: [TraceError] = []
        let files: [TraceFile]
        do {
            files = try RunFiles(path, wanted: wanted) { damaged.append($0) }.files
        } catch let error as TraceError where error.isOfOneFile && !damaged.isEmpty {
            // No file of the directory can be read.
            files = []
        }
        findings = damaged.map(Finding.init)
        fileCount = damaged.count
        var seen: Set<EpisodeTask> = []
        let problemCount = files.map { Int($0.extents[.problems]) }.max() ?? 0
        let total = files.reduce(0) { $0 + FileCheck.byteCount($1) }
        for file in files {
            fileCount += 1
            episodeCount += Int(file.extents[.episodes])
            willCheck(file.path)
            var check = FileCheck(file)
            check.checksums { progress(byteCount + $0, total) }
            check.rows()
            if check.reasons.isEmpty { check.laws(problemCount: problemCount, seen: &seen) }
            byteCount += check.byteCount
            findings += check.shownReasons.map { Finding(path: file.path, reason: $0) }
        }
    }
}

extension TraceVerification.Finding {
    /// What is wrong with a file that could not be opened.
    init(_ error: TraceError) {
        switch error {
        case .damaged(let path, let reason): self.init(path: path, reason: reason)
        case .noFile(let path), .unreadable(let path), .foreign(let path),
            .newerVersion(let path, _):
            let text = "\(error)"
            self.init(path: path, reason: String(text.dropFirst(path.count + 2)))
        case .noRun, .emptyRun, .noFolder, .problemsDiffer, .duplicate, .noEpisode, .gone,
            .unwritable, .otherRankFailed:
            self.init(path: "", reason: "\(error)")
        }
    }
}

/// The checks of one file; each failure is a reason, and the others go on.
private struct FileCheck {
    let file: TraceFile
    var reasons: [String] = []
    var byteCount = 0

    /// Elements that are in memory at once.
    private static let blockCount = 1 << 20

    init(_ file: TraceFile) { self.file = file }

    /// Bytes of all datasets of a file, before filters.
    static func byteCount(_ file: TraceFile) -> Int {
        TraceSchema.datasets(in: file.version).reduce(0) { $0 + byteCount($1, of: file) }
    }

    private static func byteCount(_ dataset: DatasetDeclaration, of file: TraceFile) -> Int {
        Int(file.extents[dataset.extent]) * dataset.column.type.byteCount
    }

    /// The reasons that are told: a file of which everything is wrong would bury the others.
    var shownReasons: [String] {
        let rest = reasons.count - Self.mostReasons
        return rest > 0
            ? reasons.prefix(Self.mostReasons) + ["\(rest) findings more"] : reasons
    }

    private static let mostReasons = 50

    /// Every row holds only what a row can hold.
    mutating func rows() {
        screen(TraceSchema.problems, "problem")
        screen(TraceSchema.episodes, "episode")
        screen(TraceSchema.turns, "turn")
        screen(TraceSchema.toolCalls, "tool call")
        screen(TraceSchema.groups, "group")
        screen(TraceSchema.ranks, "row of /ranks")
        screen(TraceSchema.hosts, "host")
    }

    private mutating func screen<Row>(_ table: TableSchema<Row>, _ name: String) {
        do {
            reasons += try file.screen(table).faults.map { "\(name) \($0.row): \($0.reason)" }
        } catch {
            reasons.append(Self.reason(error))
        }
    }

    /// Every dataset has the content it was written with; says how many bytes were looked at so far.
    mutating func checksums(progress: (Int) -> Void) {
        for dataset in TraceSchema.datasets(in: file.version) {
            let before = byteCount
            do {
                let found = try checksum(dataset) { progress(before + $0) }
                if try file.checksum(of: dataset.path) != found {
                    reasons.append(
                        "\(dataset.path) does not have the content that it was written with"
                    )
                }
            } catch {
                reasons.append(Self.reason(error))
            }
            byteCount += Self.byteCount(dataset, of: file)
        }
    }

    /// Each attempt once, problems that exist, and parts that tile and agree with each other.
    mutating func laws(problemCount: Int, seen: inout Set<EpisodeTask>) {
        do {
            let tables = try LoadedTables(file)
            for row in 0..<Int(file.extents[.episodes]) {
                let task = try tables.task(row)
                if !seen.insert(task).inserted {
                    reasons.append("episode \(row): \(describe(task)) is stored twice")
                }
                if problemCount > 0, task.problem.value >= problemCount {
                    reasons.append("episode \(row): there is no problem \(task.problem)")
                }
            }
            reasons += try tables.brokenLaws()
            if file.kind == .packed,
                try EpisodeGroup.groups(
                    TraceReader.members(file, Array(0..<Int(file.extents[.episodes])))
                )
                    != TraceReader.groups(file, Array(0..<Int(file.extents[.groups])))
            {
                reasons.append("/groups does not follow from /episodes")
            }
        } catch {
            reasons.append(Self.reason(error))
        }
    }

    private func describe(_ task: EpisodeTask) -> String {
        "problem \(task.problem), sample \(task.sample)"
    }

    private func checksum(
        _ dataset: DatasetDeclaration,
        progress: (Int) -> Void
    ) throws -> UInt64 {
        switch dataset.column.type {
        case .uint8: try checksum(dataset, UInt8.self, progress)
        case .int32: try checksum(dataset, Int32.self, progress)
        case .int64: try checksum(dataset, Int64.self, progress)
        case .uint64: try checksum(dataset, UInt64.self, progress)
        case .float: try checksum(dataset, Float.self, progress)
        case .double: try checksum(dataset, Double.self, progress)
        case .int8, .int16: preconditionFailure("no column is declared so")
        }
    }

    private func checksum<Element: TraceElement>(
        _ dataset: DatasetDeclaration,
        _ type: Element.Type,
        _ progress: (Int) -> Void
    ) throws -> UInt64 {
        let count = Int(file.extents[dataset.extent])
        var crc = CRC32()
        var digest: UInt64 = 0
        for start in stride(from: 0, to: count, by: Self.blockCount) {
            let values = try file.values(
                dataset.path,
                of: type,
                in: start..<min(start + Self.blockCount, count)
            )
            if file.version == 1 {
                digest ^= ColumnDigest.digest(values, at: start)
            } else {
                crc.append(elements: values)
            }
            progress((start + values.count) * MemoryLayout<Element>.size)
        }
        return file.version == 1 ? digest : UInt64(crc.value)
    }

    private static func reason(_ error: any Error) -> String {
        if case TraceError.damaged(_, let reason) = error { return reason }
        return "\(error)"
    }
}
