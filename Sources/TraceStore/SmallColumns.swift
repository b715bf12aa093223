internal import HDF5
internal import MPI

/// The elements of the small datasets that one rank has, until rank 0 gets them.
struct SmallColumns: Sendable {
    /// Where the rank's elements start in a dataset, and all of them.
    private struct Column {
        let start: Int
        var bytes: [UInt8] = []
    }

    private var columns: [String: Column] = [:]

    /// Adds elements, which follow those of their dataset that are there.
    mutating func add(_ elements: [UInt8], to dataset: DatasetDeclaration, at start: Int) {
        guard !elements.isEmpty else { return }
        let size = dataset.column.type.byteCount
        var column = columns.removeValue(forKey: dataset.path) ?? Column(start: start)
        precondition(
            column.start + column.bytes.count / size == start,
            "\(dataset.path): a rank's rows are consecutive"
        )
        column.bytes += elements
        columns[dataset.path] = column
    }

    /// All ranks' elements at rank 0; nothing elsewhere.
    ///
    /// - Important: Collective over `communicator`; every rank calls it.
    /// - Parameters:
    ///   - checksums: of what the rank wrote of the long datasets; they travel along.
    ///   - totals: lengths of the file's tables.
    ///   - extents: what each rank has of each table, where all ranks know that.
    ///   - communicator: all ranks.
    /// - Returns: at rank 0 what the file gets.
    /// - Throws: `MPIError` when MPI fails.
    func gathered(
        with checksums: LongChecksums,
        of totals: Extents,
        extents: [Extents]? = nil,
        over communicator: borrowing Communicator
    ) throws -> GatheredColumns {
        var message: [UInt8] = []
        let paths = GatheredColumns.datasets.map(\.path)
        let header = paths.flatMap { [columns[$0]?.start ?? 0, columns[$0]?.bytes.count ?? 0] }
        message.append(elements: header.map { Int64($0) } + checksums.own.map { Int64($0) })
        for path in paths { message += columns[path]?.bytes ?? [] }
        let lengths = extents?.map { extents in
            GatheredColumns.datasets.reduce(GatheredColumns.headerByteCount) {
                $0 + $1.byteCount(extents)
            }
        }
        return GatheredColumns(
            try communicator.gather(message, at: 0, lengths: lengths),
            of: totals
        )
    }
}

/// The small datasets, put together from the messages of all ranks, and the checksums of the long ones.
struct GatheredColumns {
    private var columns: [String: [UInt8]] = [:]
    /// Of the long datasets, by path.
    let checksums: [String: UInt32]

    /// The datasets of a message, in its order.
    static let datasets = TraceSchema.tables.flatMap(\.datasets).filter { !$0.isLong }

    /// Numbers before the elements: a start and a count of bytes for each dataset, then the checksums.
    private static let headerCount = 2 * datasets.count + TraceSchema.longDatasets.count
    static let headerByteCount = headerCount * MemoryLayout<Int64>.size

    init(_ messages: [[UInt8]], of totals: Extents) {
        let datasets = Self.datasets
        var parts = [[(start: Int64, bytes: ArraySlice<UInt8>)]](
            repeating: [],
            count: datasets.count
        )
        var contributions: [[UInt32]] = []
        for message in messages {
            let header = (0..<Self.headerCount).map { index in
                (0..<MemoryLayout<Int64>.size).reduce(Int64(0)) {
                    $0 | Int64(message[index * MemoryLayout<Int64>.size + $1]) << (8 * $1)
                }
            }
            contributions.append(
                header[(2 * datasets.count)...].map { UInt32(truncatingIfNeeded: $0) }
            )
            var next = Self.headerByteCount
            for index in datasets.indices where header[2 * index + 1] > 0 {
                let end = next + Int(header[2 * index + 1])
                parts[index].append((header[2 * index], message[next..<end]))
                next = end
            }
        }
        checksums = LongChecksums.joined(contributions, of: totals)
        for (dataset, parts) in zip(datasets, parts) {
            columns[dataset.path] = parts.sorted { $0.start < $1.start }
                .reduce(into: []) { $0 += $1.bytes }
        }
    }

    /// All elements of a dataset, as bytes in this machine's order.
    func bytes(_ path: String) -> [UInt8] { columns[path] ?? [] }
}
