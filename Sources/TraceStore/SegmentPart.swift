// The file of one round. Rank 0 makes it with HDF5 and gives each long dataset its place; then all ranks
// write their parts there by MPI-IO, and rank 0 adds the small tables while the disk takes the long ones.
// HDF5's own collective writes exchange so many messages that they took twice as long.

internal import HDF5
internal import MPI

#if _endian(big)
#error("segments are written as memory lies, and files are little-endian")
#endif

/// One rank's part of a segment, and its place among the others'.
struct SegmentPart {
    let rows: TraceBatch
    /// What the episodes of `rows` add to the long datasets.
    let long: LongColumns
    /// What each rank has of each table; shape `[ranks]`.
    private let extents: [Extents]
    /// Where the rank's rows start in each table.
    let bases: Extents
    /// Length of each table.
    let totals: Extents

    /// The part of this rank.
    ///
    /// - Important: Collective over `communicator`; every rank calls it, with rows or without.
    init(
        _ rows: TraceBatch,
        long: LongColumns,
        over communicator: borrowing Communicator
    ) throws {
        self.rows = rows
        self.long = long
        extents = try communicator.allGather(rows.extents.values).map { Extents($0) }
        bases = extents[..<communicator.rank].reduce(Extents(), +)
        totals = extents.reduce(Extents(), +)
    }

    /// Writes a segment, and brings it to the disk as far as it is written then: publishing syncs the rest.
    ///
    /// Throws on every rank when anything failed on any; the file is removed then.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    /// - Parameters:
    ///   - path: a file of that name is replaced.
    ///   - attributes: of the root.
    ///   - describes: whether every column says its unit and meaning, which takes rank 0 as long as all else
    ///     that it adds.
    ///   - communicator: all ranks.
    /// - Throws: the failure of one rank, on all of them.
    func write(
        to path: String,
        attributes: [(name: String, value: AttributeValue)],
        describes: Bool,
        over communicator: borrowing Communicator
    ) throws {
        let small = try smallColumns().gathered(
            with: checksums(),
            of: totals,
            extents: extents,
            over: communicator
        )
        do {
            let offsets = try create(path, over: communicator)
            try jointly("write \(path)", over: communicator) {
                try writeLong(longParts(offsets), to: path, over: communicator)
            }
            // Rank 0 opens the file only when nobody writes to it any more: not every file system keeps
            // apart what two machines have in one page.
            try jointly("complete \(path)", over: communicator) {
                // Each machine brings to the disk what it wrote, while rank 0 adds the rest.
                guard communicator.rank == 0 else { return try FilePublication.sync(path) }
                let file = try HDF5File(opening: path, access: .readWrite)
                try file.complete(
                    totals,
                    small,
                    attributes: attributes,
                    describes: describes
                ) { _, _ in .contiguous }
                try file.close()
            }
        } catch {
            if communicator.rank == 0 { FilePublication.remove(path) }
            throw error
        }
    }

    /// Writes this rank's elements of the long datasets.
    private func writeLong(
        _ parts: [FilePart],
        to path: String,
        over communicator: borrowing Communicator
    ) throws {
        let adds = communicator.rank == 0
        try communicator.write(parts, to: path) { part in
            // The disk has work from the first part on. Handing it over takes time, and rank 0 has more to do
            // than the others, whose syncing takes care of its parts too where they share a machine.
            if !adds {
                FilePublication.beginSync(path, offset: part.offset, count: part.bytes.count)
            }
        }
    }

    /// Makes the file on rank 0 and says everywhere where each long dataset starts; 0 for one without elements.
    private func create(
        _ path: String,
        over communicator: borrowing Communicator
    ) throws -> [Int64] {
        let own = Result { communicator.rank == 0 ? try create(path) : [] }
        let unknown = [Int64](repeating: -1, count: TraceSchema.longDatasets.count)
        let offsets = if case .success(let made) = own, !made.isEmpty { made } else { unknown }
        let shared = try communicator.agree(offsets, by: .max)
        guard shared == unknown else { return shared }
        _ = try jointly("create \(path)", over: communicator) { try own.get() }
        preconditionFailure("rank 0 has failed, so all ranks have thrown")
    }

    /// This rank's elements, and where they go in the file.
    private func longParts(_ offsets: [Int64]) -> [FilePart] {
        zip(TraceSchema.longDatasets, zip(long.columns, offsets)).map { dataset, part in
            let start = Int(bases[dataset.extent]) * dataset.column.type.byteCount
            return FilePart(offset: Int(part.1) + start, bytes: part.0.bytes)
        }
    }

    /// Makes the file and says where each long dataset starts; 0 for one without elements.
    private func create(_ path: String) throws -> [Int64] {
        // HDF5 does not get over a disk that is full when it closes a file.
        try FilePublication.reserve(TraceSchema.byteCount(totals), for: path)
        let file = try HDF5File(creating: path)
        var offsets: [Int64] = []
        for dataset in TraceSchema.longDatasets {
            let open = try file.create(dataset, totals, .contiguous)
            let offset = open.fileOffset()
            precondition(
                offset != nil || totals[dataset.extent] == 0,
                "\(dataset.path): a contiguous dataset has its place once it is made"
            )
            offsets.append(Int64(offset ?? 0))
            try open.close()
        }
        try file.close()
        return offsets
    }

    private func smallColumns() -> SmallColumns {
        var small = SmallColumns()
        var buffer: [UInt8] = []
        func add<Row>(_ table: TableSchema<Row>, _ rows: [Row]) {
            table.encode({ !$0.isLong }, of: rows, at: bases, into: &buffer) {
                small.add($2, to: $0, at: $1)
            }
        }
        add(TraceSchema.turns, rows.turns)
        add(TraceSchema.toolCalls, rows.toolCalls)
        add(TraceSchema.episodes, rows.episodes)
        add(TraceSchema.problems, rows.problems)
        add(TraceSchema.groups, rows.groups)
        add(TraceSchema.ranks, rows.ranks)
        add(TraceSchema.latency, rows.ranks)
        add(TraceSchema.hosts, rows.hosts)
        return small
    }

    private func checksums() -> LongChecksums {
        var checksums = LongChecksums()
        for (dataset, column) in zip(TraceSchema.longDatasets, long.columns) {
            checksums.add(
                column.checksum,
                byteCount: column.bytes.count,
                to: dataset,
                at: Int(bases[dataset.extent]),
                of: totals
            )
        }
        return checksums
    }
}
