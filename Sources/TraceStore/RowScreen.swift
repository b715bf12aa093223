// A file that opens, and whose datasets have the right types and lengths, may still hold numbers that no run
// has: counts below zero, sums that exceed 64 bits, times that are not finite, texts beyond their table's
// text. Each row of a table is looked at once, before anything is computed from it; what computes with whole
// rows needs no checks of its own.

internal import HDF5

/// The rows of a table that hold only what a row can hold, and what is wrong with the others.
struct RowScreen: Sendable {
    /// A row that is not whole.
    struct Fault: Sendable {
        let row: Int
        /// The dataset, and what is wrong with its value.
        let reason: String
    }

    /// Whole rows, ascending.
    let rows: [Int]
    /// The others, ascending; one fault each.
    let faults: [Fault]

    /// The first fault among some rows.
    func fault(in rows: Range<Int>) -> Fault? {
        var low = 0
        var high = faults.count
        while low < high {
            let middle = (low + high) / 2
            if faults[middle].row < rows.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low < faults.count && faults[low].row < rows.upperBound ? faults[low] : nil
    }

    fileprivate init(rowCount: Int, reasons: [Int: String]) {
        rows =
            reasons.isEmpty
            ? Array(0..<rowCount) : (0..<rowCount).filter { reasons[$0] == nil }
        faults = reasons.sorted { $0.key < $1.key }.map { Fault(row: $0.key, reason: $0.value) }
    }
}

extension ColumnDeclaration {
    /// What a value may be; nil when every value of the type will do.
    ///
    /// Wide enough for any run, and so narrow that sums over all rows of a file fit into 64 bits.
    var bounds: ClosedRange<Double>? {
        switch (type, unit) {
        case (.uint8, _), (.uint64, _), (.int8, _), (.int16, _): nil
        case (.int32, _): 0...Double(Int32.max)
        case (.int64, "byte"), (.int64, "row"): 0...0x1p60
        case (.int64, _): 0...0x1p40
        case (.double, "s"): 0...1e12
        case (.float, _), (.double, _): -1e30...1e30
        }
    }
}

extension TraceFile {
    /// Looks at every row of a table.
    ///
    /// - Throws: ``TraceError/damaged(path:reason:)`` when a column cannot be read, or texts overlap.
    func screen<Row>(_ table: TableSchema<Row>) throws -> RowScreen {
        var reasons: [Int: String] = [:]
        for column in table.columns
        where extents[table.extent] > 0 && column.declaration.firstVersion <= version {
            let dataset = table.path(column.declaration.name)
            for (row, value) in try outsiders(of: column.declaration, dataset) {
                reasons[row] = reasons[row] ?? "\(dataset) holds \(value)"
            }
        }
        if let textExtent = table.textExtent {
            let places = try texts(of: table)
            let limit = extents[textExtent]
            for row in 0..<Int(extents[table.extent]) where !places.holds(row, limit: limit) {
                reasons[row] = reasons[row] ?? "a text lies outside \(table.textPath)"
            }
            guard places.byteCount(limit: limit) <= limit else {
                throw TraceError.damaged(path: path, reason: "texts of /\(table.name) overlap")
            }
            // What models and tools wrote is looked at when it is read: it is most of a file.
            if ![.turnText, .toolCallText].contains(textExtent) {
                let text: [UInt8] = try values(table.textPath)
                for row in 0..<Int(extents[table.extent])
                where reasons[row] == nil && !places.isText(row, in: text) {
                    reasons[row] = "a text is not UTF-8"
                }
            }
        }
        return RowScreen(rowCount: Int(extents[table.extent]), reasons: reasons)
    }

    /// The values of a column that no row can have, as text.
    private func outsiders(
        of declaration: ColumnDeclaration,
        _ dataset: String
    ) throws -> [(row: Int, value: String)] {
        if let known = declaration.names {
            let names = try memberNames(dataset).filter { known.contains($0.value) }
            return try values(dataset, of: UInt8.self).enumerated()
                .filter { names[$0.element] == nil }.map { ($0.offset, "code \($0.element)") }
        }
        guard let bounds = declaration.bounds else { return [] }
        func list<Element: TraceElement>(
            _ type: Element.Type,
            _ isInside: (Element) -> Bool
        ) throws -> [(row: Int, value: String)] {
            try values(dataset, of: type).enumerated().filter { !isInside($0.element) }
                .map { ($0.offset, "\($0.element)") }
        }
        return switch declaration.type {
        case .int32: try list(Int32.self) { bounds.contains(Double($0)) }
        case .int64: try list(Int64.self) { bounds.contains(Double($0)) }
        case .float: try list(Float.self) { bounds.contains(Double($0)) }
        case .double: try list(Double.self) { bounds.contains($0) }
        case .uint8, .uint64, .int8, .int16: []
        }
    }
}
