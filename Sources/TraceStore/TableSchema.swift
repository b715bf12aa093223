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

    /// Whether it grows with tokens or text, not with rows.
    var isLong: Bool {
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

/// The text columns of one rank's rows: where each text lies, and all of it.
struct TextBlock {
    /// First byte of each row's text, by column, relative to the block.
    var firsts: [[Int64]]
    /// Bytes of each row's text, by column.
    var counts: [[Int64]]
    /// The text, row after row.
    var bytes: [UInt8] = []

    init<Row>(_ rows: [Row], _ columns: [TextColumn<Row>]) {
        firsts = [[Int64]](repeating: [], count: columns.count)
        counts = firsts
        for row in rows {
            for (index, column) in columns.enumerated() {
                let start = bytes.count
                bytes += column.value(row).utf8
                firsts[index].append(Int64(start))
                counts[index].append(Int64(bytes.count - start))
            }
        }
    }
}
