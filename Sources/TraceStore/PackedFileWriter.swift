internal import HDF5
internal import MPI

/// The packed file of a run while all ranks write it together.
///
/// It is compressed, with HDF5's checksums, so every transfer goes through HDF5. Every table's length is known at the start. Should a transfer fail on one rank (a full disk), the rank
/// still takes part in the others and in closing, and the failure is told at the end: no rank is left
/// waiting inside HDF5.
struct PackedFileWriter: ~Copyable {
    private let file: HDF5File
    private let totals: Extents
    private var small = SmallColumns()
    private var checksums = LongChecksums()
    private var failure: (any Error)?
    /// Datasets that HDF5 did not write collectively.
    private(set) var independentTransferCount = 0

    /// Creates `path` with the datasets that all ranks write, `totals` long.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    init(
        creating path: String,
        totals: Extents,
        over communicator: borrowing Communicator
    ) throws {
        try jointly("create \(path)", over: communicator) {
            guard communicator.rank == 0 else { return }
            try FilePublication.reserve(TraceSchema.byteCount(totals), for: path)
        }
        file = try jointly("create \(path)", over: communicator) {
            try HDF5File(creating: path, over: communicator)
        }
        self.totals = totals
        // One that fails here may succeed elsewhere: all ranks go through the same calls.
        for dataset in TraceSchema.longDatasets {
            do {
                let layout = Self.layout(dataset, count: Int(totals[dataset.extent]))
                try file.create(dataset, totals, layout).close()
            } catch {
                failure = failure ?? error
            }
        }
    }

    /// Chunks are compressed and checked by HDF5, of a size that a reader of one episode can afford; what is
    /// tiny stays plain, for a chunk index would be larger than it.
    private static func layout(_ dataset: DatasetDeclaration, count: Int) -> DatasetLayout {
        let size = dataset.column.type.byteCount
        guard count * size > 16384 else { return .contiguous }
        let chunkBytes = dataset.hasLongChunks ? 512 << 10 : 64 << 10
        return .chunked(
            count: chunkBytes / size,
            filters: .init(shuffles: size > 1, deflateLevel: 1, checks: true)
        )
    }

    /// Writes one batch of every rank, at a place of its own.
    ///
    /// The rows of a rank's later batches follow those of its earlier ones.
    ///
    /// - Important: Collective; every rank calls it, as often as the others.
    /// - Parameters:
    ///   - batch: of this rank.
    ///   - bases: where it starts in each table.
    ///   - buffer: memory to work in.
    mutating func write(_ batch: TraceBatch, at bases: Extents, using buffer: inout [UInt8]) {
        write(TraceSchema.tokens, batch.episodes, bases, &buffer)
        write(TraceSchema.turns, batch.turns, bases, &buffer)
        write(TraceSchema.toolCalls, batch.toolCalls, bases, &buffer)
        write(TraceSchema.episodes, batch.episodes, bases, &buffer)
        write(TraceSchema.problems, batch.problems, bases, &buffer)
        write(TraceSchema.groups, batch.groups, bases, &buffer)
        write(TraceSchema.ranks, batch.ranks, bases, &buffer)
        write(TraceSchema.latency, batch.ranks, bases, &buffer)
        write(TraceSchema.hosts, batch.hosts, bases, &buffer)
    }

    /// Adds the small tables and the attributes, brings all to the disk and closes.
    ///
    /// Throws on every rank when anything failed on any; the file is removed then.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    consuming func finish(
        attributes: [(name: String, value: AttributeValue)],
        over communicator: borrowing Communicator
    ) throws {
        let failure = self.failure
        let path = file.path
        let totals = self.totals
        let (small, checksums) = (self.small, self.checksums)
        do {
            try jointly("write \(path)", over: communicator) {
                if let failure { throw failure }
            }
        } catch {
            abandon(over: communicator)
            throw error
        }
        var closing: (any Error)?
        do {
            try file.close()
        } catch {
            closing = error
        }
        let failed = closing
        do {
            try jointly("close \(path)", over: communicator) {
                if let failed { throw failed }
            }
            let gathered = try small.gathered(with: checksums, of: totals, over: communicator)
            // Each machine brings to the disk what it wrote, while rank 0 adds the rest.
            try jointly("complete \(path)", over: communicator) {
                guard communicator.rank == 0 else { return try FilePublication.sync(path) }
                let file = try HDF5File(opening: path, access: .readWrite)
                try file.complete(
                    totals,
                    gathered,
                    attributes: attributes,
                    describes: true,
                    layout: Self.layout
                )
                try file.close()
            }
        } catch {
            if communicator.rank == 0 { FilePublication.remove(path) }
            throw error
        }
    }

    /// Gives the file up, on every rank: what is there of it is removed.
    consuming func abandon(over communicator: borrowing Communicator) {
        if communicator.rank == 0 { FilePublication.remove(file.path) }
        file.abandon()
    }

    /// Writes what all ranks write together and keeps the rest for rank 0.
    private mutating func write<Row>(
        _ table: TableSchema<Row>,
        _ rows: [Row],
        _ bases: Extents,
        _ buffer: inout [UInt8]
    ) {
        table.encode(of: rows, at: bases, into: &buffer) { dataset, start, elements in
            guard dataset.isLong else { return small.add(elements, to: dataset, at: start) }
            transfer(elements, to: dataset, at: start)
            var part = CRC32()
            part.append(elements: elements)
            checksums.add(part, byteCount: elements.count, to: dataset, at: start, of: totals)
        }
    }

    private mutating func transfer(
        _ elements: [UInt8],
        to declaration: DatasetDeclaration,
        at start: Int
    ) {
        do {
            let dataset = try file.openDataset(declaration.path)
            let mode = try dataset.write(bytes: elements, of: declaration.column.type, at: start)
            try dataset.close()
            if mode?.isCollective == false { independentTransferCount += 1 }
        } catch {
            failure = failure ?? error
        }
    }
}
