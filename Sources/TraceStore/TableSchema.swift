/// A table: a group of the file whose datasets have one element per row.
struct TableSchema<Row>: Sendable {
    /// Name of the group.
    let name: String
    /// One sentence.
    let description: String
    /// Its number of rows.
    let extent: Extent
    /// Its text, where it has any.
    let textExtent: Extent?
    /// Columns with one element per row (or, for flat columns, any number).
    let columns: [WrittenColumn<Row>]
    /// Columns of text.
    let texts: [TextColumn<Row>]

    /// Path of a dataset of the table.
    func path(_ column: String) -> String { "/\(name)/\(column)" }

    /// Path of the table's text.
    var textPath: String { path("text") }

    /// The table's text as a dataset.
    var textDeclaration: ColumnDeclaration {
        ColumnDeclaration(
            name: "text",
            unit: "byte",
            description: "UTF-8 of all text columns of this table, row after row",
            type: .uint8
        )
    }

    /// Bytes of UTF-8 of all text columns of `rows`.
    func textByteCount(of rows: [Row]) -> Int64 {
        rows.reduce(0) { sum, row in
            texts.reduce(sum) { $0 + Int64($1.value(row).utf8.count) }
        }
    }
}

/// A dataset of the file: a column of a table, or a table's text.
struct DatasetDeclaration: Hashable, Sendable {
    /// Path from the root.
    let path: String
    /// What its elements are.
    let column: ColumnDeclaration
    /// What gives its length.
    let extent: Extent

    /// Whether every rank writes its own elements: it grows with what models and tools write.
    ///
    /// The rest is some hundred bytes an episode in some eighty datasets. A collective write takes
    /// about a millisecond however little it moves, so rank 0 gathers those rows and writes them.
    var isLong: Bool {
        switch extent {
        case .tokens, .turnText, .toolCallText: true
        case .problems, .problemText, .episodes, .episodeText, .turns, .toolCalls, .groups, .ranks,
            .rankText, .latencyBins, .hosts, .hostText:
            false
        }
    }

    /// Bytes of its elements in a file of these lengths, uncompressed.
    func byteCount(_ totals: Extents) -> Int { Int(totals[extent]) * column.type.byteCount }

    /// Whether it grows with tokens or text, not with rows.
    var hasLongChunks: Bool {
        switch extent {
        case .tokens, .problemText, .episodeText, .turnText, .toolCallText, .rankText, .hostText:
            true
        case .problems, .episodes, .turns, .toolCalls, .groups, .ranks, .latencyBins, .hosts: false
        }
    }
}

/// A table of any row type, as a list of datasets.
protocol TableDeclaration: Sendable {
    /// Name of the group.
    var name: String { get }
    /// One sentence.
    var description: String { get }
    /// Everything in the group, in order.
    var datasets: [DatasetDeclaration] { get }
}

extension TableSchema: TableDeclaration {
    var datasets: [DatasetDeclaration] {
        let rows = (columns.map(\.declaration) + texts.flatMap { [$0.first, $0.count] }).map {
            DatasetDeclaration(path: path($0.name), column: $0, extent: extent)
        }
        guard let textExtent else { return rows }
        return rows + [
            DatasetDeclaration(path: textPath, column: textDeclaration, extent: textExtent)
        ]
    }
}

extension TableSchema {
    /// Hands over what one rank's rows add to each wanted dataset, in the order of ``datasets``.
    ///
    /// - Parameters:
    ///   - wanted: says which.
    ///   - rows: of the rank.
    ///   - bases: where they start in each table of the file.
    ///   - buffer: memory to use for each dataset in turn; long ones are costly to get anew.
    ///   - body: gets a dataset, the row of the file that its first element becomes, and the elements.
    func encode(
        _ wanted: (DatasetDeclaration) -> Bool = { _ in true },
        of rows: [Row],
        at bases: Extents,
        into buffer: inout [UInt8],
        _ body: (DatasetDeclaration, _ start: Int, _ elements: [UInt8]) -> Void
    ) {
        func next(_ dataset: DatasetDeclaration, _ append: (inout [UInt8]) -> Void) {
            guard wanted(dataset) else { return }
            buffer.removeAll(keepingCapacity: true)
            append(&buffer)
            body(dataset, Int(bases[dataset.extent]), buffer)
        }
        var remaining = datasets[...]
        for column in columns {
            next(remaining.removeFirst()) { column.append(rows, bases, &$0) }
        }
        guard let textExtent else { return }
        for column in texts {
            next(remaining.removeFirst()) {
                $0.append(elements: firsts(of: column, rows, bases[textExtent]))
            }
            next(remaining.removeFirst()) { bytes in
                bytes.append(elements: rows.map { Int64(column.value($0).utf8.count) })
            }
        }
        next(remaining.removeFirst()) { bytes in
            for row in rows {
                for column in texts { bytes += column.value(row).utf8 }
            }
        }
    }

    /// First byte of a column's texts, when those of `rows` start at byte `start`.
    private func firsts(of wanted: TextColumn<Row>, _ rows: [Row], _ start: Int64) -> [Int64] {
        var next = start
        return rows.map { row in
            var first = next
            for column in texts {
                if column.name == wanted.name { first = next }
                next += Int64(column.value(row).utf8.count)
            }
            return first
        }
    }
}
