internal import FoundationEssentials
internal import HDF5
internal import RolloutModel

/// One trace file, open for reading by this process alone.
final class TraceFile {
    /// Where it lies.
    let path: String
    /// The version of its schema, 1 or above.
    let version: Int
    /// What it is for.
    let kind: TraceFileKind
    /// The highest number of a segment that is in it.
    let lastSegment: Int
    /// Number of rows of each table, and of bytes of its text.
    let extents: Extents

    private let file: HDF5File
    private var datasets: [String: OpenDataset] = [:]

    /// Opens a file and checks that it is one of ours, whole, and of a known version.
    ///
    /// - Throws: ``TraceError`` when it is not.
    init(_ path: String) throws {
        self.path = path
        try Self.checkKind(path)
        guard try Self.reading(path, { try HDF5File.isHDF5(path) }) else {
            throw TraceError.foreign(path: path)
        }
        let file = try Self.reading(path) { try HDF5File(opening: path) }
        let facts = try Self.reading(path) { try Self.facts(file, path) }
        version = facts.version
        kind = facts.kind
        lastSegment = facts.lastSegment
        extents = facts.extents
        self.file = file
    }

    /// The root attributes that the run gave, by name; numbers as text.
    ///
    /// - Parameter skippingDamage: gets each one that cannot be read; without it the first is thrown.
    /// - Returns: those that can be read.
    /// - Throws: ``TraceError/damaged(path:reason:)``.
    func attributes(
        skippingDamage: ((TraceError) -> Void)? = nil
    ) throws -> [String: String] {
        var attributes: [String: String] = [:]
        for name in try Self.reading(path, { try file.attributeNames() }) {
            do {
                switch try Self.reading(path, { try file.attribute(name) }) {
                case .string(let text)?: attributes[name] = text
                case .integer(let number)?: attributes[name] = "\(number)"
                case .real(let number)?: attributes[name] = "\(number)"
                case nil: break
                }
            } catch let error as TraceError {
                guard let skippingDamage else { throw error }
                skippingDamage(error)
            }
        }
        return attributes
    }

    /// The checksum that was stored with a dataset: a CRC-32, in version 1 a ``ColumnDigest``.
    func checksum(of dataset: String) throws -> UInt64 {
        let name = version == 1 ? "digest" : "crc32"
        return try Self.reading(path) {
            guard case .integer(let checksum)? = try file.attribute(name, of: dataset) else {
                throw TraceError.damaged(path: path, reason: "\(dataset) has no checksum")
            }
            return UInt64(bitPattern: checksum)
        }
    }

    /// Elements of a dataset; all of them when `range` is nil.
    func values<Element: TraceElement>(
        _ dataset: String,
        of type: Element.Type = Element.self,
        in range: Range<Int>? = nil
    ) throws -> [Element] {
        try Self.reading(path) {
            let open = try opened(dataset)
            let all = 0..<open.count
            let range = range ?? all
            guard range.clamped(to: all) == range else {
                throw TraceError.damaged(
                    path: path,
                    reason: "\(dataset) ends at \(open.count), not \(range.upperBound)"
                )
            }
            return try open.dataset.read(type, in: range)
        }
    }

    /// A column of a table; zeros when the file is older than the column.
    func values<Row, Element>(
        _ column: Column<Row, Element>,
        of table: TableSchema<Row>
    ) throws -> [Element] {
        guard column.declaration.firstVersion <= version else {
            return [Element](repeating: .zero, count: Int(extents[table.extent]))
        }
        return try values(table.path(column.declaration.name))
    }

    /// A flat column of a table.
    func values<Row, Element>(
        _ column: FlatColumn<Row, Element>,
        of table: TableSchema<Row>,
        in range: Range<Int>
    ) throws -> [Element] {
        try values(table.path(column.declaration.name), in: range)
    }

    /// A column of named values, by the names that the file itself gives.
    func values<Row, Value>(
        _ column: NamedColumn<Row, Value>,
        of table: TableSchema<Row>
    ) throws -> NamedValues<Value> {
        let dataset = table.path(column.declaration.name)
        var cases = [Value?](repeating: nil, count: 256)
        for (code, name) in try memberNames(dataset) { cases[Int(code)] = Value(rawValue: name) }
        return NamedValues(
            codes: try values(dataset),
            cases: cases,
            place: (path: path, dataset: dataset)
        )
    }

    /// The names of a column of named values, by code.
    func memberNames(_ dataset: String) throws -> [UInt8: String] {
        let names = try Self.reading(path) { try opened(dataset).dataset.memberNames() }
        guard let names else {
            throw TraceError.damaged(path: path, reason: "\(dataset) has no names")
        }
        return names
    }

    /// Where the texts of a table lie.
    func texts<Row>(of table: TableSchema<Row>) throws -> TextPlaces {
        TextPlaces(
            firsts: try table.texts.map { try values(table.path($0.first.name)) },
            counts: try table.texts.map { try values(table.path($0.count.name)) }
        )
    }

    /// The texts of rows of a table, by row, then by column in the schema's order.
    func strings<Row>(
        of table: TableSchema<Row>,
        at places: TextPlaces,
        rows: some Sequence<Int>
    ) throws -> [[String]] {
        let limit = table.textExtent.map { extents[$0] } ?? 0
        let range = try places.byteRange(rows, limit: limit, path: path)
        let bytes: [UInt8] = try values(table.textPath, in: range)
        return try rows.map { row in
            try table.texts.indices.map { column in
                let count = Int(places.counts[column][row])
                guard count > 0 else { return "" }
                let first = Int(places.firsts[column][row]) - range.lowerBound
                // Mended text would be longer than its row says, and another one when it is written again.
                guard let text = String(validating: bytes[first..<first + count], as: UTF8.self)
                else {
                    throw TraceError.damaged(
                        path: path,
                        reason: "a text of row \(row) of /\(table.name) is not UTF-8"
                    )
                }
                return text
            }
        }
    }

    private func opened(_ dataset: String) throws -> OpenDataset {
        if let open = datasets[dataset] { return open }
        let open = try OpenDataset(file.openDataset(dataset))
        datasets[dataset] = open
        return open
    }

    /// Opening something else than a regular file may block, and HDF5's message does not say what is wrong.
    private static func checkKind(_ path: String) throws {
        let kind: FileAttributeType?
        do {
            let link = URL(filePath: path).resolvingSymlinksInPath().path
            kind =
                try FileManager.default.attributesOfItem(atPath: link)[.type] as? FileAttributeType
        } catch {
            throw TraceError.noRun(path: path)
        }
        guard kind == .typeRegular else { throw TraceError.noFile(path: path) }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw TraceError.unreadable(path: path)
        }
    }

    /// HDF5's failures while reading mean a damaged file.
    private static func reading<Result: ~Copyable>(
        _ path: String,
        _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as HDF5Error {
            throw TraceError.damaged(path: path, reason: "\(error)")
        }
    }

    private static func facts(
        _ file: borrowing HDF5File,
        _ path: String
    ) throws -> (
        version: Int, kind: TraceFileKind, lastSegment: Int, extents: Extents
    ) {
        guard try file.attribute("format") == .string(TraceSchema.format),
            case .integer(let version)? = try file.attribute("schema_version"), version >= 1
        else { throw TraceError.foreign(path: path) }
        guard version <= TraceSchema.version else {
            throw TraceError.newerVersion(path: path, found: Int(version))
        }
        guard case .string(let name)? = try file.attribute("kind"),
            let kind = TraceFileKind(rawValue: name),
            case .integer(let lastSegment)? = try file.attribute("last_segment"),
            (0...Int64(RunDirectory.lastNumber)).contains(lastSegment)
        else { throw TraceError.damaged(path: path, reason: "it does not say what it is for") }
        var extents = Extents()
        var seen: Set<Extent> = []
        for dataset in TraceSchema.datasets(in: Int(version)) {
            let open = try file.openDataset(dataset.path)
            try open.checkType(dataset.column.type)
            let count = Int64(try open.count())
            let expected = seen.insert(dataset.extent).inserted ? count : extents[dataset.extent]
            guard count == expected else {
                throw TraceError.damaged(
                    path: path,
                    reason: "\(dataset.path) is \(count) long, not \(expected)"
                )
            }
            extents[dataset.extent] = count
        }
        return (Int(version), kind, Int(lastSegment), extents)
    }
}

/// A dataset kept open, with its length.
private final class OpenDataset {
    let dataset: HDF5Dataset
    let count: Int

    init(_ dataset: consuming HDF5Dataset) throws {
        count = try dataset.count()
        self.dataset = dataset
    }
}
