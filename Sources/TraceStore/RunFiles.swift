import FoundationEssentials

/// The trace files that a path names, opened, in the order of their rows.
struct RunFiles {
    /// At least one.
    let files: [TraceFile]

    /// The run's files changed while they were opened.
    private struct ChangedMeanwhile: Error {}

    /// Opens a run directory, or one file of a run.
    ///
    /// - Parameters:
    ///   - path: of either.
    ///   - wanted: whether a file is to be opened, by its path; called just before.
    ///   - skippingDamage: gets each file of a directory that cannot be read, and that is then left out;
    ///     without it the first one is thrown.
    /// - Throws: ``TraceError`` when there is nothing, nothing of ours, or nothing whole.
    init(
        _ path: String,
        wanted: (String) -> Bool = { _ in true },
        skippingDamage: ((TraceError) -> Void)?
    ) throws {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw TraceError.noRun(path: path)
        }
        guard isDirectory else {
            files = wanted(path) ? [try TraceFile(path)] : []
            return
        }
        files = try Self.files(RunDirectory(path: path), attempts: 10, wanted, skippingDamage)
    }

    /// The files of a run that are whole, in order.
    ///
    /// A job that ends packs its segments and removes them meanwhile: then the directory is read again.
    private static func files(
        _ directory: RunDirectory,
        attempts: Int,
        _ wanted: (String) -> Bool,
        _ skippingDamage: ((TraceError) -> Void)?
    ) throws -> [TraceFile] {
        do {
            return try files(directory, wanted, skippingDamage)
        } catch is ChangedMeanwhile {
            guard attempts > 1 else { throw TraceError.emptyRun(path: directory.path) }
            return try files(directory, attempts: attempts - 1, wanted, skippingDamage)
        }
    }

    private static func files(
        _ directory: RunDirectory,
        _ wanted: (String) -> Bool,
        _ skippingDamage: ((TraceError) -> Void)?
    ) throws -> [TraceFile] {
        var files: [TraceFile] = []
        var damage: [TraceError] = []
        var isUnwanted = false
        func open(_ path: String) throws {
            guard wanted(path) else {
                isUnwanted = true
                return
            }
            do {
                files.append(try TraceFile(path))
            } catch let error as TraceError {
                guard FileManager.default.fileExists(atPath: path) else { throw ChangedMeanwhile() }
                guard skippingDamage != nil, error.isOfOneFile else { throw error }
                damage.append(error)
            }
        }
        let packedAt = directory.packedAt()
        if packedAt != nil { try open(directory.packedPath) }
        let packedThrough = files.first?.lastSegment ?? 0
        for number in try directory.segmentNumbers() where number > packedThrough {
            try open(directory.segmentPath(number))
        }
        for number in try directory.stepNumbers() { try open(directory.stepPath(number)) }
        guard directory.packedAt() == packedAt else { throw ChangedMeanwhile() }
        for error in damage { skippingDamage?(error) }
        if files.isEmpty, !isUnwanted {
            throw damage.first ?? TraceError.emptyRun(path: directory.path)
        }
        return files
    }
}
