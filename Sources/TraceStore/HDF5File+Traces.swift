internal import HDF5

extension HDF5File {
    /// Makes a dataset of the schema without its elements.
    ///
    /// - Important: Collective on a collective file; every rank calls it with the same arguments.
    borrowing func create(
        _ dataset: DatasetDeclaration,
        _ totals: Extents,
        _ layout: DatasetLayout
    ) throws -> HDF5Dataset {
        let count = Int(totals[dataset.extent])
        guard let names = dataset.column.names else {
            return try createDataset(
                dataset.path,
                of: dataset.column.type,
                count: count,
                layout: layout
            )
        }
        return try createEnumeration(dataset.path, names: names, count: count, layout: layout)
    }

    /// Adds what rank 0 alone writes: the small datasets, and all attributes.
    ///
    /// - Parameters:
    ///   - totals: lengths of the file's tables.
    ///   - gathered: the elements of the small datasets, and the checksums of the long ones, which are there.
    ///   - attributes: of the root.
    ///   - describes: whether every table and column says what it is.
    ///   - layout: how a small dataset of so many elements lies in the file.
    /// - Throws: ``HDF5Error`` when it cannot be written.
    borrowing func complete(
        _ totals: Extents,
        _ gathered: GatheredColumns,
        attributes: [(name: String, value: AttributeValue)],
        describes: Bool,
        layout: (DatasetDeclaration, _ count: Int) -> DatasetLayout
    ) throws {
        for table in TraceSchema.tables {
            for dataset in table.datasets {
                if dataset.isLong {
                    let open = try openDataset(dataset.path)
                    try open.setChecksum(gathered.checksums[dataset.path] ?? 0)
                    if describes { try open.describe(as: dataset.column) }
                    try open.close()
                } else {
                    let layout = layout(dataset, Int(totals[dataset.extent]))
                    let open = try create(dataset, totals, layout)
                    let bytes = gathered.bytes(dataset.path)
                    try open.write(bytes: bytes, of: dataset.column.type, at: 0)
                    var checksum = CRC32()
                    checksum.append(elements: bytes)
                    try open.setChecksum(checksum.value)
                    if describes { try open.describe(as: dataset.column) }
                    try open.close()
                }
            }
            guard describes else { continue }
            try setAttribute(
                "description",
                to: .string(table.description),
                of: "/" + table.name
            )
        }
        try setAttribute("format", to: .string(TraceSchema.format))
        try setAttribute("schema_version", to: .integer(Int64(TraceSchema.version)))
        for attribute in attributes { try setAttribute(attribute.name, to: attribute.value) }
    }
}

extension HDF5Dataset {
    /// Adds what a reader is told of a column.
    fileprivate borrowing func describe(as column: ColumnDeclaration) throws {
        try setAttribute("unit", to: .string(column.unit))
        try setAttribute("description", to: .string(column.description))
    }

    /// Adds the CRC-32 of its elements.
    fileprivate borrowing func setChecksum(_ checksum: UInt32) throws {
        try setAttribute("crc32", to: .integer(Int64(checksum)))
    }
}
