import FoundationEssentials
internal import HDF5
public import RolloutModel

/// The traces of a run, finished or not, or of one file; read by this process alone, without MPI.
///
/// Columns are read when they are asked for, text and tokens episode by episode: a whole file is never in
/// memory. Rows of a packed file are in (problem, sample) order, those of segments in order of writing.
///
/// Damage is thrown, or left out and told: whole files that cannot be read, and rows of a readable file that
/// hold what no run has. Rows are counted without those that are left out.
public final class TraceReader {
    /// What was opened: the packed file, or the run directory while there are segments beside or before it.
    public let path: String
    /// The packed file, or the segments in order, after it where there are both.
    private(set) var parts: [Part]
    /// For each part the row of its first episode, and the number of all rows.
    private var firstRows: [Int] = [0]
    /// Gets what is left out; nil where the first damage is thrown.
    let skippingDamage: ((TraceError) -> Void)?
    private var loaded: [String: LoadedTables] = [:]

    /// A file and those of its episodes that can be read.
    struct Part {
        let file: TraceFile
        var rows: [Int]
    }

    /// Opens a run directory, or one file of a run.
    ///
    /// - Parameters:
    ///   - path: a directory with `traces.h5`, `segments/` or `steps/`, or an HDF5 file.
    ///   - skippingDamage: gets each damaged file of a directory and each damaged row, which are then left
    ///     out, now and in later calls; without it the first one is thrown.
    /// - Throws: ``TraceError`` when there is nothing, nothing of ours, or nothing whole.
    public convenience init(
        run path: String,
        skippingDamage: ((TraceError) -> Void)? = nil
    ) throws {
        try self.init(path, repeats: false, skippingDamage: skippingDamage)
    }

    /// Opens a file of unfinished attempts, in which two ranks may have a part of the same attempt.
    convenience init(unfinished path: String, skippingDamage: @escaping (TraceError) -> Void) throws
    {
        try self.init(path, repeats: true, skippingDamage: skippingDamage)
    }

    private init(
        _ path: String,
        repeats: Bool,
        skippingDamage: ((TraceError) -> Void)?
    ) throws {
        let files = try RunFiles(path, skippingDamage: skippingDamage).files
        self.path = files.count == 1 ? files[0].path : path
        self.skippingDamage = skippingDamage
        parts = files.map { Part(file: $0, rows: []) }
        // Without a handler nothing is left out: a job that packs names both files of an attempt.
        try screenEpisodes(withoutRepeats: !repeats && skippingDamage != nil)
    }

    /// Whether all rows are in one packed file, in (problem, sample) order.
    public var isPacked: Bool { parts.count == 1 && parts[0].file.kind == .packed }

    /// Number of episodes.
    public var episodeCount: Int { firstRows[firstRows.count - 1] }

    /// The highest number of a segment in this run; 0 before the first.
    var lastSegment: Int { parts.map(\.file.lastSegment).max() ?? 0 }

    /// The highest number of a segment in the packed file; 0 without one.
    var packedThrough: Int { parts.first { $0.file.kind == .packed }?.file.lastSegment ?? 0 }

    /// The file that says most of the run's problems; nil when none says any.
    private var problemFile: TraceFile? {
        parts.map(\.file).max { $0.extents[.problems] < $1.extents[.problems] }
            .flatMap { $0.extents[.problems] > 0 ? $0 : nil }
    }

    /// Root attributes: what the run was, as its latest start described it; the schema's own too.
    public func attributes() throws -> [String: String] {
        var attributes: [String: String] = [:]
        for part in parts where part.file.extents[.problems] > 0 || part.file.kind == .packed {
            let own = try reading(or: [:]) {
                try part.file.attributes(skippingDamage: skippingDamage)
            }
            attributes.merge(own) { $1 }
        }
        return attributes
    }

    /// The problems, in the order of the data set.
    ///
    /// Each start of the run stored its own; a later one may have had more after those of the first. Of a
    /// problem whose texts are damaged, the place alone is kept.
    public func problems() throws -> [Problem] {
        guard let file = problemFile else { return [] }
        return try reading(or: []) { try Self.problems(file) }
    }

    /// The attempts that are stored, in stored order; reads two columns.
    public func tasks() throws -> [EpisodeTask] {
        try parts.flatMap { try Self.tasks($0.file, $0.rows) }
    }

    /// What the final table needs of every episode, in stored order; reads columns and answers only.
    public func outcomes() throws -> [EpisodeOutcome] {
        try ofEachFile { try Self.outcomes($0.file, $0.rows) }
    }

    /// An episode, whole.
    ///
    /// - Parameter row: its place in stored order.
    /// - Returns: as it was written.
    /// - Throws: ``TraceError`` when the row does not exist or is damaged.
    public func episode(_ row: EpisodeRow) throws -> StoredEpisode {
        let place = try place(row)
        return try tables(place.file).episode(place.row)
    }

    /// An episode without its tokens.
    ///
    /// - Parameter row: its place in stored order.
    /// - Returns: what is recorded of it but its tokens.
    /// - Throws: ``TraceError`` when the row does not exist or is damaged.
    public func transcript(_ row: EpisodeRow) throws -> Transcript {
        let place = try place(row)
        return try tables(place.file).transcript(place.row)
    }

    /// Where an attempt is stored; nil when it is not.
    public func row(of task: EpisodeTask) throws -> EpisodeRow? {
        try tasks().firstIndex(of: task).map { EpisodeRow($0) }
    }

    /// The time series of the ranks, in stored order.
    public func rankSamples() throws -> [RankSample] {
        try parts.flatMap { part in
            try reading(or: []) {
                try Self.rankSamples(part.file, try whole(TraceSchema.ranks, part.file, "rank"))
            }
        }
    }

    /// The nodes that the run was on, start after start.
    public func hosts() throws -> [RunHost] { try storedHosts().map(\.host) }

    /// The groups of the run, by problem and policy version.
    ///
    /// Read from a packed file; formed anew while there are segments, which have none.
    public func groups() throws -> [EpisodeGroup] {
        guard isPacked else { return EpisodeGroup.groups(try members()) }
        let file = parts[0].file
        return try reading(or: []) {
            try Self.groups(file, try whole(TraceSchema.groups, file, "group"))
        }
    }

    /// What groups are formed of, in stored order.
    public func members() throws -> [EpisodeGroup.Member] {
        try ofEachFile { try Self.members($0.file, $0.rows) }
    }

    /// The nodes with the start that each belongs to.
    func storedHosts() throws -> [StoredHost] {
        try parts.flatMap { part in
            try reading(or: []) {
                try Self.hosts(part.file, try whole(TraceSchema.hosts, part.file, "host"))
            }
        }
    }

    /// What a row adds to each table when it is written again.
    func extents(_ row: EpisodeRow) throws -> Extents {
        let place = try place(row)
        return try tables(place.file).extents(place.row)
    }

    private func place(_ row: EpisodeRow) throws -> (file: TraceFile, row: Int) {
        guard row.value < episodeCount else {
            throw TraceError.noEpisode(path: path, wanted: "row \(row) of \(episodeCount)")
        }
        // The last file whose first row is not beyond the row: files without episodes are passed over.
        var low = 0
        var high = parts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if firstRows[middle] <= row.value { low = middle } else { high = middle }
        }
        return (parts[low].file, parts[low].rows[row.value - firstRows[low]])
    }

    private func tables(_ file: TraceFile) throws -> LoadedTables {
        if let tables = loaded[file.path] { return tables }
        let tables = try LoadedTables(file)
        loaded[file.path] = tables
        return tables
    }
}

// MARK: Damage

extension TraceReader {
    /// Finds the rows that can be read.
    private func screenEpisodes(withoutRepeats: Bool) throws {
        let problemCount = problemFile.map { Int($0.extents[.problems]) }
        let lost = try problemFile.map { file in
            try reading(or: []) { try file.screen(TraceSchema.problems).faults.map(\.row) }
        }
        let lostProblems = Set(lost ?? [])
        if let first = lost?.min(), let file = problemFile {
            try leaveOut("problem \(first): a text lies outside /problems/text", of: file)
        }
        var seen: Set<EpisodeTask> = []
        for index in parts.indices {
            let file = parts[index].file
            parts[index].rows = try reading(or: []) {
                let whole = try whole(TraceSchema.episodes, file, "episode")
                let tasks = try Self.tasks(file, whole)
                var rows: [Int] = []
                for (row, task) in zip(whole, tasks) {
                    let problem = task.problem.value
                    if let problemCount, problem >= problemCount || lostProblems.contains(problem) {
                        try leaveOut("episode \(row): there is no problem \(problem)", of: file)
                    } else if withoutRepeats, !seen.insert(task).inserted {
                        try leaveOut(
                            "episode \(row): problem \(problem), sample \(task.sample) is stored twice",
                            of: file
                        )
                    } else {
                        rows.append(row)
                    }
                }
                return rows
            }
        }
        countRows()
    }

    private func countRows() {
        firstRows = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rows.count) }
    }

    /// The whole rows of a table; the others are thrown or left out.
    private func whole<Row>(
        _ table: TableSchema<Row>,
        _ file: TraceFile,
        _ name: String
    ) throws -> [Int] {
        let screen = try file.screen(table)
        for fault in screen.faults {
            try leaveOut("\(name) \(fault.row): \(fault.reason)", of: file)
        }
        return screen.rows
    }

    private func leaveOut(_ reason: String, of file: TraceFile) throws {
        let error = TraceError.damaged(path: file.path, reason: reason)
        guard let skippingDamage else { throw error }
        skippingDamage(error)
    }

    /// What `body` reads of one file; `nothing` when it is damaged and damage is left out.
    private func reading<Value>(or nothing: Value, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as TraceError where error.isDamage {
            guard let skippingDamage else { throw error }
            skippingDamage(error)
            return nothing
        }
    }

    /// What `body` reads of the episodes of each file, whose rows are left out when it is damaged.
    private func ofEachFile<Value>(_ body: (Part) throws -> [Value]) throws -> [Value] {
        var values: [Value] = []
        for index in parts.indices {
            let part = parts[index]
            guard let own: [Value] = try reading(or: nil, { try body(part) }) else {
                parts[index].rows = []
                continue
            }
            values += own
        }
        countRows()
        return values
    }
}
