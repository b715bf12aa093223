public import RolloutModel

/// The numbers of one run or of a part of it, with where they come from.
public struct RunResult: Hashable, Sendable {
    /// What it is called in the table: the run's directory, or a part's name.
    public let name: String
    /// The numbers.
    public let statistics: RunStatistics
    /// Their 95 % intervals; nil leaves them out.
    public let intervals: RunIntervals?
    /// How fast it was; nil for a part of a run, or when nobody asks.
    public let throughput: RunThroughput?
    /// Right answers, failures outside the model left out.
    public let rightCount: Int
    /// The HDF5 file, or the run directory, that they were computed from.
    public let path: String

    /// The numbers of `outcomes`, which are called `name` and come from `path`.
    public init(
        name: String,
        outcomes: [EpisodeOutcome],
        hasIntervals: Bool = false,
        throughput: RunThroughput? = nil,
        path: String
    ) {
        self.name = name
        self.path = path
        self.throughput = throughput
        statistics = RunStatistics(outcomes)
        intervals = hasIntervals ? RunIntervals(outcomes) : nil
        rightCount = outcomes.count { RunStatistics.counts($0) && $0.outcome == .right }
    }
}

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
    /// Labels and keys of all lines: runs with fewer samples lack some of pass@k.
    private let keys: [(label: String, key: String)]

    /// A table of `results`, in their order.
    public init(_ results: [RunResult]) {
        self.results = results
        columns = results.map(ResultLine.lines)
        let passCounts = Set(
            results.flatMap { ResultLine.passCounts($0.statistics.sampleCount) }
        ).sorted()
        // The run with most lines has them all, but for pass@k.
        let longest = columns.max { $0.count < $1.count } ?? []
        keys = longest.filter { $0.passCount == nil }.map { ($0.label, $0.key) }
            .inserted(passCounts.map { ("pass@\($0)", "pass_at_\($0)") }, after: "majority")
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

    /// The lines of the first result: what each number is called, and the number for people.
    public var lines: [(label: String, text: String)] {
        (columns.first ?? []).map { ($0.label, $0.text) }
    }

    private var rows: [[String]] {
        [[""] + results.map(\.name)]
            + keys.map { label, key in
                [label] + columns.map { $0.first { $0.key == key }?.text ?? "-" }
            }
    }

    private static func transposed(_ rows: [[String]]) -> [[String]] {
        (rows.first ?? []).indices.map { column in rows.map { $0[column] } }
    }

    private var csv: String {
        let header = ["run"] + keys.flatMap { [$0.key, $0.key + "_low", $0.key + "_high"] }
        var lines = [header]
        for (result, column) in zip(results, columns) {
            lines.append(
                [result.name]
                    + keys.flatMap { key in
                        column.first { $0.key == key.key }?.fields ?? ["", "", ""]
                    }
            )
        }
        // Columns that no run fills (the interval of a count) are left out.
        let kept = header.indices.filter { index in
            lines.dropFirst().contains { !$0[index].isEmpty }
                || !header[index].hasSuffix("_low")
                    && !header[index].hasSuffix("_high")
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

extension [(label: String, key: String)] {
    fileprivate func inserted(_ lines: Self, after key: String) -> Self {
        guard let place = firstIndex(where: { $0.key == key }) else { return self + lines }
        return Array(self[...place]) + lines + Array(self[(place + 1)...])
    }
}
