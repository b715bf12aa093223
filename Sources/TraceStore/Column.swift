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
    /// The first version of the schema that has it; in earlier files all its values are 0.
    var firstVersion = 1
}

/// A column of numbers: how it is declared, and how a row gives its value.
struct Column<Row, Element: TraceElement>: Sendable {
    let declaration: ColumnDeclaration
    /// The value of a row, given where the row's batch starts in each table of the file.
    let value: @Sendable (_ row: Row, _ bases: Extents) -> Element

    init(
        _ name: String,
        unit: String = "1",
        since firstVersion: Int = 1,
        _ description: String,
        value: @escaping @Sendable (Row) -> Element
    ) {
        declaration = ColumnDeclaration(
            name: name,
            unit: unit,
            description: description,
            type: Element.elementType,
            firstVersion: firstVersion
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
    /// Adds the elements of one rank's rows, as they lie in the file; positions in other tables are
    /// shifted by the bases.
    let append: @Sendable (_ rows: [Row], _ bases: Extents, _ bytes: inout [UInt8]) -> Void

    init<Element>(_ column: Column<Row, Element>) {
        declaration = column.declaration
        append = { rows, bases, bytes in
            bytes.append(elements: rows.map { column.value($0, bases) })
        }
    }

    init<Value>(_ column: NamedColumn<Row, Value>) {
        declaration = column.declaration
        let cases = Array(Value.allCases)
        append = { rows, _, bytes in
            for row in rows {
                guard let index = cases.firstIndex(of: column.value(row)) else {
                    preconditionFailure("allCases lists every case")
                }
                bytes.append(UInt8(index))
            }
        }
    }

    init<Element>(_ column: FlatColumn<Row, Element>) {
        declaration = column.declaration
        append = { rows, _, bytes in
            for row in rows { bytes.append(elements: column.values(row)) }
        }
    }
}
