import FoundationEssentials
internal import HDF5
public import RolloutModel

/// The traces of a run, finished or not, or of one file; read by this process alone, without MPI.
///
/// Columns are read when they are asked for, text and tokens episode by episode: a whole file is never in
/// memory. Rows of a packed file are in (problem, sample) order, those of segments in order of writing.
public final class TraceReader {
    /// What was opened: the packed file, or the run directory while there are segments beside or before it.
    public let path: String
    /// The packed file, or the segments in order, after it where there are both.
    private let files: [TraceFile]
    /// For each file the row of its first episode.
    private let firstRows: [Int]
    private var loaded: [Int: LoadedTables] = [:]

    /// Opens a run directory, or one file of a run.
    ///
    /// - Parameters:
    ///   - path: a directory with `traces.h5`, `segments/` or `steps/`, or an HDF5 file.
    ///   - skippingDamage: gets each damaged file of a directory, which is then left out; without it
    ///     the first one is thrown.
    /// - Throws: ``TraceError`` when there is nothing, nothing of ours, or nothing whole.
    public convenience init(
        run path: String,
        skippingDamage: ((TraceError) -> Void)? = nil
    ) throws {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw TraceError.noRun(path: path)
        }
        guard isDirectory else {
            try self.init(path: path, files: [TraceFile(path)])
            return
        }
        let directory = RunDirectory(path: path)
        let files = try Self.files(directory, attempts: 10, skippingDamage)
        self.init(path: files.count == 1 ? files[0].path : path, files: files)
    }

    /// The run's files changed while they were opened.
    private struct ChangedMeanwhile: Error {}

    /// The files of a run that are whole, in order.
    ///
    /// A job that ends packs its segments and removes them meanwhile: then the directory is read again.
    private static func files(
        _ directory: RunDirectory,
        attempts: Int,
        _ skippingDamage: ((TraceError) -> Void)?
    ) throws -> [TraceFile] {
        do {
            return try files(directory, skippingDamage)
        } catch is ChangedMeanwhile {
            guard attempts > 1 else { throw TraceError.emptyRun(path: directory.path) }
            return try files(directory, attempts: attempts - 1, skippingDamage)
        }
    }

    private static func files(
        _ directory: RunDirectory,
        _ skippingDamage: ((TraceError) -> Void)?
    ) throws -> [TraceFile] {
        var files: [TraceFile] = []
        var damage: [TraceError] = []
        func open(_ path: String) throws {
            do {
                files.append(try TraceFile(path))
            } catch let error as TraceError where error.isDamage {
                guard FileManager.default.fileExists(atPath: path) else { throw ChangedMeanwhile() }
                guard skippingDamage != nil else { throw error }
                damage.append(error)
            }
        }
        let packedAt = try directory.packedAt()
        if packedAt != nil { try open(directory.packedPath) }
        let packedThrough = files.first?.lastSegment ?? 0
        for number in try directory.segmentNumbers() where number > packedThrough {
            try open(directory.segmentPath(number))
        }
        for number in try directory.stepNumbers() { try open(directory.stepPath(number)) }
        guard try directory.packedAt() == packedAt else { throw ChangedMeanwhile() }
        for error in damage { skippingDamage?(error) }
        if files.isEmpty { throw damage.first ?? TraceError.emptyRun(path: directory.path) }
        return files
    }

    private init(path: String, files: [TraceFile]) {
        self.path = path
        self.files = files
        var firstRows = [0]
        for file in files {
            firstRows.append(firstRows[firstRows.count - 1] + Int(file.extents[.episodes]))
        }
        self.firstRows = firstRows
    }

    /// Whether all rows are in one packed file, in (problem, sample) order.
    public var isPacked: Bool { files.count == 1 && files[0].kind == .packed }

    /// Number of episodes.
    public var episodeCount: Int { firstRows[firstRows.count - 1] }

    /// The highest number of a segment in this run; 0 before the first.
    var lastSegment: Int { files.map(\.lastSegment).max() ?? 0 }

    /// The files, for verification.
    var openFiles: [TraceFile] { files }

    /// Number of problems of the run; 0 when no file that could be read says it.
    var problemCount: Int { files.map { Int($0.extents[.problems]) }.max() ?? 0 }

    /// The highest number of a segment in the packed file; 0 without one.
    var packedThrough: Int { files.first { $0.kind == .packed }?.lastSegment ?? 0 }

    /// Root attributes: what the run was, as its latest start described it; the schema's own too.
    public func attributes() throws -> [String: String] {
        var attributes: [String: String] = [:]
        for file in files where file.extents[.problems] > 0 || file.kind == .packed {
            attributes.merge(try file.attributes()) { $1 }
        }
        return attributes
    }

    /// The problems, in the order of the data set.
    ///
    /// Each start of the run stored its own; a later one may have had more after those of the first.
    public func problems() throws -> [Problem] {
        guard let file = files.max(by: { $0.extents[.problems] < $1.extents[.problems] }) else {
            return []
        }
        let table = TraceSchema.problems
        return try file.strings(
            of: table,
            at: try file.texts(of: table),
            rows: 0..<Int(file.extents[.problems])
        ).map {
            Problem(
                id: $0[0],
                statement: $0[1],
                answer: $0[2],
                subject: $0[3],
                level: $0[4],
                dataset: $0[5]
            )
        }
    }

    /// The attempts that are stored, in stored order; reads two columns.
    public func tasks() throws -> [EpisodeTask] {
        try files.flatMap { file in
            try zip(
                file.values(EpisodeColumns.problem, of: TraceSchema.episodes),
                file.values(EpisodeColumns.sample, of: TraceSchema.episodes)
            ).map { try Self.task($0, $1, file) }
        }
    }

    /// What the final table needs of every episode, in stored order; reads columns and answers only.
    public func outcomes() throws -> [EpisodeOutcome] {
        try files.flatMap(Self.outcomes)
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
        try files.flatMap(Self.rankSamples)
    }

    /// The nodes that the run was on, start after start.
    public func hosts() throws -> [RunHost] { try storedHosts().map(\.host) }

    /// The groups of the run, by problem and policy version.
    ///
    /// Read from a packed file; formed anew while there are segments, which have none.
    public func groups() throws -> [EpisodeGroup] {
        try isPacked ? Self.groups(files[0]) : EpisodeGroup.groups(members())
    }

    /// What groups are formed of, in stored order.
    public func members() throws -> [EpisodeGroup.Member] {
        try files.flatMap(Self.members)
    }

    /// The nodes with the start that each belongs to.
    func storedHosts() throws -> [StoredHost] { try files.flatMap(Self.hosts) }

    /// What a row adds to each table when it is written again.
    func extents(_ row: EpisodeRow) throws -> Extents {
        let place = try place(row)
        return try tables(place.file).extents(place.row)
    }

    private func place(_ row: EpisodeRow) throws -> (file: Int, row: Int) {
        guard row.value < episodeCount else {
            throw TraceError.noEpisode(path: path, wanted: "row \(row) of \(episodeCount)")
        }
        // The last file whose first row is not beyond the row: files without episodes are passed over.
        var low = 0
        var high = files.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if firstRows[middle] <= row.value { low = middle } else { high = middle }
        }
        return (low, row.value - firstRows[low])
    }

    private func tables(_ index: Int) throws -> LoadedTables {
        if let tables = loaded[index] { return tables }
        let tables = try LoadedTables(files[index])
        loaded[index] = tables
        return tables
    }
}
