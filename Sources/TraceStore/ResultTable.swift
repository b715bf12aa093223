/// The final table of an evaluation, any number of runs side by side; from numbers to text, no more.
public struct ResultTable: Sendable {
    /// How the table is written.
    public enum Format: String, Sendable, CaseIterable {
        /// For people: one line per number, one column per run.
        case table
        /// An array of objects, one per run.
        case json
        /// A header, then one line per run.
        case csv
    }

    private let results: [RunResult]
    private let columns: [[ResultLine]]
    /// One line of each key that any run has: runs with fewer samples lack some of pass@k.
    private let keys: [ResultLine]

    /// A table of `results`, in their order.
    public init(_ results: [RunResult]) {
        self.results = results
        columns = results.map(ResultLine.lines)
        var known: Set<String> = []
        keys = columns.joined().filter { known.insert($0.key).inserted }
            .enumerated().sorted { left, right in
                (left.element.section, left.element.sampleCount, left.offset)
                    < (right.element.section, right.element.sampleCount, right.offset)
            }.map(\.element)
    }

    /// The table in one of its forms, ending in a newline.
    ///
    /// - Parameters:
    ///   - format: for people or for programs.
    ///   - isTransposed: in the form for people, one line per result and one column per number.
    /// - Returns: lines of text.
    public func text(_ format: Format = .table, isTransposed: Bool = false) -> String {
        switch format {
        case .table:
            // One path on every line would only make the lines long.
            TextTable(isTransposed ? Self.transposed(rows.dropLast()) : rows).text
        case .json: json
        case .csv: csv
        }
    }

    /// The lines of the first result: what each number is called, the number for people, and what follows
    /// it (interval, problems left out).
    public var lines: [(label: String, text: String, remark: String)] {
        (columns.first ?? []).filter(\.isForPeople).map { ($0.label, $0.number, $0.remark) }
    }

    /// What a reader has to know besides the numbers, a paragraph each (``ResultNotes``).
    ///
    /// - Parameter hasPower: whether to say how many problems it takes to tell a run from another.
    /// - Returns: without line breaks.
    public func notes(hasPower: Bool) -> [String] {
        ResultNotes.all(of: results, hasPower: hasPower)
    }

    private var rows: [[String]] {
        [[""] + results.map(\.name)]
            + keys.filter(\.isForPeople).map { line in
                [line.label] + columns.map { $0.first { $0.key == line.key }?.text ?? "-" }
            }
    }

    private static func transposed(_ rows: [[String]]) -> [[String]] {
        (rows.first ?? []).indices.map { column in rows.map { $0[column] } }
    }

    private var csv: String {
        let header = ["run"] + keys.flatMap { key in ResultLine.suffixes.map { key.key + $0 } }
        var lines = [header]
        for (result, column) in zip(results, columns) {
            lines.append(
                [result.name]
                    + keys.flatMap { key in
                        column.first { $0.key == key.key }?.fields
                            ?? ResultLine.suffixes.map { _ in "" }
                    }
            )
        }
        // Columns that no run fills (the interval of a count) are left out, those of numbers never.
        let kept = header.indices.filter { index in
            index == 0 || (index - 1) % ResultLine.suffixes.count == 0
                || lines.dropFirst().contains { !$0[index].isEmpty }
        }
        return lines.map { line in
            kept.map { CSV.quoted(line[$0]) }.joined(separator: ",") + "\n"
        }.joined()
    }

    private var json: String {
        let objects = zip(results, columns).map { result, column in
            let fields =
                ["\"run\": " + JSON.quoted(result.name)] + column.flatMap(\.jsonFields)
            return "  {\n" + fields.map { "    " + $0 }.joined(separator: ",\n") + "\n  }"
        }
        return objects.isEmpty ? "[]\n" : "[\n" + objects.joined(separator: ",\n") + "\n]\n"
    }
}
