internal import HDF5

/// The checksums of the long datasets, of which every rank writes a part.
struct LongChecksums {
    private var contributions: [String: UInt32] = [:]

    /// Adds what this rank writes to a dataset.
    ///
    /// - Parameters:
    ///   - part: checksum of the elements alone.
    ///   - byteCount: of the elements.
    ///   - dataset: the dataset.
    ///   - start: element of the dataset that the first one becomes.
    ///   - totals: lengths of the file's tables.
    mutating func add(
        _ part: CRC32,
        byteCount: Int,
        to dataset: DatasetDeclaration,
        at start: Int,
        of totals: Extents
    ) {
        let end = start * dataset.column.type.byteCount + byteCount
        contributions[dataset.path, default: 0] ^= CRC32.contribution(
            of: part,
            count: byteCount,
            following: dataset.byteCount(totals) - end
        )
    }

    /// What this rank adds to each of ``TraceSchema/longDatasets``.
    var own: [UInt32] { TraceSchema.longDatasets.map { contributions[$0.path] ?? 0 } }

    /// The checksums of the whole datasets, by path, from what all ranks add.
    static func joined(_ contributions: [[UInt32]], of totals: Extents) -> [String: UInt32] {
        var checksums: [String: UInt32] = [:]
        for (index, dataset) in TraceSchema.longDatasets.enumerated() {
            checksums[dataset.path] =
                CRC32(
                    contributions: contributions.reduce(0) { $0 ^ $1[index] },
                    count: dataset.byteCount(totals)
                ).value
        }
        return checksums
    }
}
