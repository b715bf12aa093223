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
    func gathered(over communicator: borrowing Communicator) throws -> GatheredColumns {
        var message: [UInt8] = []
        let paths = GatheredColumns.paths
        let header = paths.flatMap { [columns[$0]?.start ?? 0, columns[$0]?.bytes.count ?? 0] }
        message.append(elements: header.map { Int64($0) })
        for path in paths { message += columns[path]?.bytes ?? [] }
        return GatheredColumns(try communicator.gather(message, at: 0))
    }
}

/// The small datasets, put together from the messages of all ranks.
struct GatheredColumns {
    private var columns: [String: [UInt8]] = [:]

    /// The datasets of a message, in its order.
    static var paths: [String] {
        TraceSchema.tables.flatMap(\.datasets).filter { !$0.isCollective }.map(\.path)
    }

    init(_ messages: [[UInt8]]) {
        let paths = Self.paths
        let headerByteCount = 2 * paths.count * MemoryLayout<Int64>.size
        var parts = [[(start: Int64, bytes: ArraySlice<UInt8>)]](repeating: [], count: paths.count)
        for message in messages {
            let header = (0..<2 * paths.count).map { index in
                (0..<MemoryLayout<Int64>.size).reduce(Int64(0)) {
                    $0 | Int64(message[index * MemoryLayout<Int64>.size + $1]) << (8 * $1)
                }
            }
            var next = headerByteCount
            for index in paths.indices where header[2 * index + 1] > 0 {
                let end = next + Int(header[2 * index + 1])
                parts[index].append((header[2 * index], message[next..<end]))
                next = end
            }
        }
        for (path, parts) in zip(paths, parts) {
            columns[path] = parts.sorted { $0.start < $1.start }.reduce(into: []) { $0 += $1.bytes }
        }
    }

    /// All elements of a dataset, as bytes in this machine's order.
    func bytes(_ path: String) -> [UInt8] { columns[path] ?? [] }
}
