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
    private var small = SmallColumns()
    /// What this rank's elements add to each dataset's checksum.
    private var contributions: [String: UInt32] = [:]
    private var failure: (any Error)?
    /// Datasets that HDF5 did not write collectively.
    private(set) var independentTransferCount = 0

    /// Creates `path` with the datasets that all ranks write, `totals` long.
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
        // One that fails here may succeed elsewhere: all ranks go through the same calls.
        for dataset in Self.datasets where dataset.isCollective {
            do {
                try kind.create(dataset, in: file, totals)
            } catch {
                failure = failure ?? error
            }
        }
    }

    private static var datasets: [DatasetDeclaration] {
        TraceSchema.tables.flatMap(\.datasets)
    }

    /// Bytes of a file of these lengths, uncompressed, and its structure.
    private static func byteCount(_ totals: Extents) -> Int {
        datasets.reduce(256 << 10) { $0 + byteCount($1, totals) }
    }

    private static func byteCount(_ dataset: DatasetDeclaration, _ totals: Extents) -> Int {
        Int(totals[dataset.extent]) * dataset.column.type.byteCount
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

    /// The attributes by which a reader knows what a file is for.
    static func facts(
        _ kind: Kind,
        lastSegment: Int
    ) -> [(name: String, value: AttributeValue)] {
        [
            ("kind", .string(kind.rawValue)), ("last_segment", .integer(Int64(lastSegment))),
        ]
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
        // Every dataset, also one whose transfer failed here: all ranks join equally many.
        let own = Self.datasets.map { Int64(contributions[$0.path] ?? 0) }
        let joined = try communicator.agree(own, by: .exclusiveOr)
        var checksums: [String: UInt32] = [:]
        for (dataset, contribution) in zip(Self.datasets, joined) {
            checksums[dataset.path] =
                CRC32(
                    contributions: UInt32(truncatingIfNeeded: contribution),
                    count: Self.byteCount(dataset, totals)
                ).value
        }
        let failure = self.failure
        let path = file.path
        let kind = self.kind
        let totals = self.totals
        let small = self.small
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
            let gathered = try small.gathered(over: communicator)
            // Each machine brings to the disk what it wrote, while rank 0 adds the rest.
            try jointly("complete \(path)", over: communicator) {
                guard communicator.rank == 0 else { return try FilePublication.sync(path) }
                let file = try HDF5File(opening: path, access: .readWrite)
                try kind.complete(
                    file,
                    totals,
                    gathered,
                    checksums: checksums,
                    attributes: attributes
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
        table.encode(rows, at: bases, into: &buffer) { dataset, start, elements in
            if dataset.isCollective {
                transfer(elements, to: dataset, at: start)
            } else {
                small.add(elements, to: dataset, at: start)
            }
            let following =
                Self.byteCount(dataset, totals) - start * dataset.column.type.byteCount
                - elements.count
            contributions[dataset.path, default: 0] ^=
                CRC32.contribution(of: elements, following: following)
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

extension TraceFileWriter.Kind {
    /// Makes a dataset without its elements.
    fileprivate func create(
        _ dataset: DatasetDeclaration,
        in file: borrowing HDF5File,
        _ totals: Extents
    ) throws {
        let count = Int(totals[dataset.extent])
        let layout = layout(dataset, count: count)
        let created =
            if let names = dataset.column.names {
                try file.createEnumeration(dataset.path, names: names, count: count, layout: layout)
            } else {
                try file.createDataset(
                    dataset.path,
                    of: dataset.column.type,
                    count: count,
                    layout: layout
                )
            }
        try created.close()
    }

    /// Adds what rank 0 alone writes: the small datasets, and all attributes.
    fileprivate func complete(
        _ file: borrowing HDF5File,
        _ totals: Extents,
        _ gathered: GatheredColumns,
        checksums: [String: UInt32],
        attributes: [(name: String, value: AttributeValue)]
    ) throws {
        for table in TraceSchema.tables {
            for dataset in table.datasets {
                if !dataset.isCollective { try create(dataset, in: file, totals) }
                let open = try file.openDataset(dataset.path)
                if !dataset.isCollective {
                    try open.write(
                        bytes: gathered.bytes(dataset.path),
                        of: dataset.column.type,
                        at: 0
                    )
                }
                try open.setAttribute("unit", to: .string(dataset.column.unit))
                try open.setAttribute("description", to: .string(dataset.column.description))
                try open.setAttribute("crc32", to: .integer(Int64(checksums[dataset.path] ?? 0)))
                try open.close()
            }
            try file.setAttribute(
                "description",
                to: .string(table.description),
                of: "/" + table.name
            )
        }
        try file.setAttribute("format", to: .string(TraceSchema.format))
        try file.setAttribute("schema_version", to: .integer(Int64(TraceSchema.version)))
        for attribute in attributes { try file.setAttribute(attribute.name, to: attribute.value) }
    }

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
