internal import HDF5
internal import MPI

/// One trace file while all ranks write it together.
///
/// Every table's length is known at the start. Should a transfer fail on one rank (a full disk), the rank
/// still takes part in the others and in closing, and the failure is told at the end: no rank is left
/// waiting inside HDF5.
struct TraceFileWriter: ~Copyable {
    /// What a file is for.
    enum Kind: String {
        /// One round: written plainly and fast, short-lived.
        case segment
        /// The whole run: compressed, with HDF5's checksums.
        case packed
    }

    private let file: HDF5File
    private let kind: Kind
    private let totals: Extents
    private var digests: [String: UInt64] = [:]
    private var failure: (any Error)?
    /// Datasets that HDF5 did not write collectively.
    private(set) var independentTransferCount = 0

    /// Creates `path` with all its datasets, `totals` long.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    init(
        creating path: String,
        kind: Kind,
        totals: Extents,
        over communicator: borrowing Communicator
    ) throws {
        try jointly("create \(path)", over: communicator) {
            guard communicator.rank == 0 else { return }
            try FilePublication.reserve(Self.byteCount(totals), for: path)
        }
        file = try jointly("create \(path)", over: communicator) {
            try HDF5File(creating: path, over: communicator)
        }
        self.kind = kind
        self.totals = totals
        for table in TraceSchema.tables {
            for dataset in table.datasets { create(dataset) }
            note {
                try $0.setAttribute(
                    "description",
                    to: .string(table.description),
                    of: "/" + table.name
                )
            }
        }
    }

    /// Bytes of a file of these lengths, uncompressed, and its structure.
    private static func byteCount(_ totals: Extents) -> Int {
        TraceSchema.tables.flatMap(\.datasets).reduce(256 << 10) {
            $0 + Int(totals[$1.extent]) * $1.column.type.byteCount
        }
    }

    /// Writes one batch of every rank, at a place of its own.
    ///
    /// - Important: Collective; every rank calls it, as often as the others.
    mutating func write(_ batch: TraceBatch, at bases: Extents) {
        write(TraceSchema.problems, batch.problems, bases)
        write(TraceSchema.episodes, batch.episodes, bases)
        write(TraceSchema.turns, batch.turns, bases)
        write(TraceSchema.toolCalls, batch.toolCalls, bases)
        write(TraceSchema.tokens, batch.episodes, bases)
        write(TraceSchema.groups, batch.groups, bases)
        write(TraceSchema.ranks, batch.ranks, bases)
        write(TraceSchema.latency, batch.ranks, bases)
        write(TraceSchema.hosts, batch.hosts, bases)
    }

    /// The attributes by which a reader knows what a file is for.
    static func facts(
        _ kind: Kind,
        lastSegment: Int
    ) -> [(name: String, value: AttributeValue)] {
        [
            ("kind", .string(kind.rawValue)), ("last_segment", .integer(Int64(lastSegment))),
        ]
    }

    /// Adds the attributes, syncs and closes; throws on every rank when anything failed on any.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    consuming func finish(
        attributes: [(name: String, value: AttributeValue)],
        over communicator: borrowing Communicator
    ) throws {
        // Every dataset, also one whose transfer failed here: all ranks join equally many digests.
        let paths = TraceSchema.tables.flatMap(\.datasets).map(\.path)
        let own = paths.map { Int64(bitPattern: digests[$0] ?? 0) }
        let joined = try communicator.agree(own, by: .exclusiveOr)
        note { file in
            for (path, digest) in zip(paths, joined) {
                try file.setAttribute("digest", to: .integer(digest), of: path)
            }
            try file.setAttribute("format", to: .string(TraceSchema.format))
            try file.setAttribute("schema_version", to: .integer(Int64(TraceSchema.version)))
            for attribute in attributes {
                try file.setAttribute(attribute.name, to: attribute.value)
            }
        }
        let failure = failure
        let path = file.path
        do {
            try jointly("write \(path)", over: communicator) {
                if let failure { throw failure }
            }
            try jointly("flush \(path)", over: communicator) { try file.flush() }
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
        try jointly("close \(path)", over: communicator) {
            if let failed { throw failed }
        }
    }

    /// Gives the file up, on every rank: what is there of it is removed.
    consuming func abandon(over communicator: borrowing Communicator) {
        if communicator.rank == 0 { FilePublication.remove(file.path) }
        file.abandon()
    }

    private mutating func write<Row>(_ table: TableSchema<Row>, _ rows: [Row], _ bases: Extents) {
        for column in table.columns {
            let start = Int(bases[table.extent])
            transfer(table.path(column.declaration.name)) { dataset in
                try column.write(rows, bases, dataset, start)
            }
        }
        guard let textExtent = table.textExtent else { return }
        let block = TextBlock(rows, table.texts)
        let firstRow = Int(bases[table.extent])
        let firstByte = bases[textExtent]
        for (index, column) in table.texts.enumerated() {
            transfer(table.path(column.first.name)) { dataset in
                try ColumnTransfer(
                    block.firsts[index].map { $0 + firstByte },
                    to: dataset,
                    at: firstRow
                )
            }
            transfer(table.path(column.count.name)) { dataset in
                try ColumnTransfer(block.counts[index], to: dataset, at: firstRow)
            }
        }
        transfer(table.textPath) { dataset in
            try ColumnTransfer(block.bytes, to: dataset, at: Int(firstByte))
        }
    }

    private mutating func transfer(
        _ path: String,
        _ body: (borrowing HDF5Dataset) throws -> ColumnTransfer
    ) {
        do {
            let dataset = try file.openDataset(path)
            let transfer = try body(dataset)
            try dataset.close()
            digests[path, default: 0] ^= transfer.digest
            if transfer.mode?.isCollective == false { independentTransferCount += 1 }
        } catch {
            failure = failure ?? error
        }
    }

    private mutating func create(_ dataset: DatasetDeclaration) {
        let count = Int(totals[dataset.extent])
        let layout = kind.layout(dataset, count: count)
        note { file in
            let column = dataset.column
            let created =
                if let names = column.names {
                    try file.createEnumeration(
                        dataset.path,
                        names: names,
                        count: count,
                        layout: layout
                    )
                } else {
                    try file.createDataset(
                        dataset.path,
                        of: column.type,
                        count: count,
                        layout: layout
                    )
                }
            try created.close()
            try file.setAttribute("unit", to: .string(column.unit), of: dataset.path)
            try file.setAttribute(
                "description",
                to: .string(column.description),
                of: dataset.path
            )
        }
    }

    /// Does something with the file, and keeps the first failure for the end.
    private mutating func note(_ body: (borrowing HDF5File) throws -> Void) {
        do {
            try body(file)
        } catch {
            failure = failure ?? error
        }
    }
}

extension TraceFileWriter.Kind {
    /// Segments lie plainly, packed files in chunks.
    ///
    /// In the packed file chunks are compressed and checked by HDF5, of a size
    /// that a reader of one episode can afford; what is tiny stays plain, for a chunk index would be
    /// larger than it.
    fileprivate func layout(_ dataset: DatasetDeclaration, count: Int) -> DatasetLayout {
        let size = dataset.column.type.byteCount
        guard self == .packed, count * size > 16384 else { return .contiguous }
        let chunkBytes = dataset.isLong ? 512 << 10 : 64 << 10
        return .chunked(
            count: chunkBytes / size,
            filters: .init(shuffles: size > 1, deflateLevel: 1, checks: true)
        )
    }
}
