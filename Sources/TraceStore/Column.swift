internal import HDF5

/// What a reader of the file sees of a dataset.
struct ColumnDeclaration: Hashable, Sendable {
    /// Name within its table.
    let name: String
    /// Unit, `1` for dimensionless numbers.
    let unit: String
    /// One sentence.
    let description: String
    /// Element type.
    let type: ElementType
    /// Names of the values of an enumeration, from 0 on.
    var names: [String]?
}

/// A column of numbers: how it is declared, and how a row gives its value.
struct Column<Row, Element: TraceElement>: Sendable {
    let declaration: ColumnDeclaration
    /// The value of a row, given where the row's batch starts in each table of the file.
    let value: @Sendable (_ row: Row, _ bases: Extents) -> Element

    init(
        _ name: String,
        unit: String = "1",
        _ description: String,
        value: @escaping @Sendable (Row) -> Element
    ) {
        declaration = ColumnDeclaration(
            name: name,
            unit: unit,
            description: description,
            type: Element.elementType
        )
        self.value = { row, _ in value(row) }
    }
}

extension Column where Element == Int64 {
    /// A zero-based position in a table of the same file; a row says it relative to its batch.
    init(
        _ name: String,
        into target: Extent,
        _ description: String,
        value: @escaping @Sendable (Row) -> Int64
    ) {
        declaration = ColumnDeclaration(
            name: name,
            unit: "row",
            description: description,
            type: .int64
        )
        self.value = { row, bases in value(row) + bases[target] }
    }
}

/// A column of named values, stored as an HDF5 enumeration.
struct NamedColumn<Row, Value: Sendable & CaseIterable & Equatable & RawRepresentable<String>>:
    Sendable
{
    let declaration: ColumnDeclaration
    let value: @Sendable (Row) -> Value

    init(_ name: String, _ description: String, value: @escaping @Sendable (Row) -> Value) {
        declaration = ColumnDeclaration(
            name: name,
            unit: "1",
            description: description,
            type: .uint8,
            names: Value.allCases.map(\.rawValue)
        )
        self.value = value
    }
}

/// A column of text: a first byte and a number of bytes in the text of the table.
struct TextColumn<Row>: Sendable {
    let name: String
    let description: String
    let value: @Sendable (Row) -> String

    init(_ name: String, _ description: String, value: @escaping @Sendable (Row) -> String) {
        self.name = name
        self.description = description
        self.value = value
    }

    /// Where the text starts.
    var first: ColumnDeclaration {
        ColumnDeclaration(
            name: name + "_first",
            unit: "byte",
            description: "First byte in this table's text: " + description,
            type: .int64
        )
    }

    /// How long it is.
    var count: ColumnDeclaration {
        ColumnDeclaration(
            name: name + "_count",
            unit: "byte",
            description: "Bytes of UTF-8: " + description,
            type: .int64
        )
    }
}

/// A column to which each row gives any number of elements, one row after the other.
struct FlatColumn<Row, Element: TraceElement>: Sendable {
    let declaration: ColumnDeclaration
    let values: @Sendable (Row) -> [Element]

    init(
        _ name: String,
        unit: String = "1",
        _ description: String,
        values: @escaping @Sendable (Row) -> [Element]
    ) {
        declaration = ColumnDeclaration(
            name: name,
            unit: unit,
            description: description,
            type: Element.elementType
        )
        self.values = values
    }
}

/// Any column of a table, as its writer sees it.
struct WrittenColumn<Row>: Sendable {
    let declaration: ColumnDeclaration
    /// Writes the rows of one rank at a place and gives their digest; positions in other tables
    /// are shifted by the bases.
    let write:
        @Sendable (
            _ rows: [Row], _ bases: Extents, _ dataset: borrowing HDF5Dataset, _ start: Int
        ) throws -> ColumnTransfer

    init<Element>(_ column: Column<Row, Element>) {
        declaration = column.declaration
        write = { rows, bases, dataset, start in
            try ColumnTransfer(rows.map { column.value($0, bases) }, to: dataset, at: start)
        }
    }

    init<Value>(_ column: NamedColumn<Row, Value>) {
        declaration = column.declaration
        let cases = Array(Value.allCases)
        write = { rows, _, dataset, start in
            let values = rows.map { row in
                guard let index = cases.firstIndex(of: column.value(row)) else {
                    preconditionFailure("allCases lists every case")
                }
                return UInt8(index)
            }
            return try ColumnTransfer(values, to: dataset, at: start)
        }
    }

    init<Element>(_ column: FlatColumn<Row, Element>) {
        declaration = column.declaration
        write = { rows, _, dataset, start in
            var values: [Element] = []
            for row in rows { values += column.values(row) }
            return try ColumnTransfer(values, to: dataset, at: start)
        }
    }
}

/// What came of writing one rank's part of a column.
struct ColumnTransfer: Sendable {
    /// The digest of the part.
    let digest: UInt64
    /// How HDF5 moved it; nil when the column is empty on all ranks.
    let mode: TransferMode?

    /// Writes `values`, which start at row `start` of the file.
    init<Element: TraceElement>(
        _ values: [Element],
        to dataset: borrowing HDF5Dataset,
        at start: Int
    ) throws {
        mode = try dataset.write(values, at: start)
        digest = ColumnDigest.digest(values, at: start)
    }
}
