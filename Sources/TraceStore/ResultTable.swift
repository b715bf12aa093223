import FoundationEssentials
public import RolloutModel

/// The numbers of one run or of a part of it, with where they come from.
public struct RunResult: Hashable, Sendable {
    /// What the column is called: the run's directory, or a part's name.
    public let name: String
    /// The numbers.
    public let statistics: RunStatistics
    /// The HDF5 file, or the run directory, that they were computed from.
    public let path: String

    /// The numbers of `name`.
    public init(name: String, statistics: RunStatistics, path: String) {
        self.name = name
        self.statistics = statistics
        self.path = path
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

    /// One line of the table.
    fileprivate struct Line {
        /// For people.
        let label: String
        /// For programs.
        let key: String
        let text: String
        let value: Value
    }

    fileprivate enum Value {
        case count(Int)
        case real(Double)
        case text(String)
    }

    private let results: [RunResult]

    /// A table of `results`, in their order.
    public init(_ results: [RunResult]) {
        self.results = results
    }

    /// The table in one of its forms, ending in a newline.
    public func text(_ format: Format = .table) -> String {
        switch format {
        case .table: table
        case .json: json
        case .csv: csv
        }
    }

    /// The k of pass@k that are shown for `sampleCount` samples: powers of two, and all.
    static func passCounts(_ sampleCount: Int) -> [Int] {
        var counts: [Int] = []
        var k = 1
        while k < sampleCount {
            counts.append(k)
            k *= 2
        }
        return sampleCount > 0 ? counts + [sampleCount] : []
    }

    private static func lines(_ result: RunResult) -> [Line] {
        let numbers = result.statistics
        let k = numbers.sampleCount
        func percent(_ label: String, _ key: String, _ value: Double) -> Line {
            Line(label: label, key: key, text: fixed(value * 100, 2) + " %", value: .real(value))
        }
        func count(_ label: String, _ value: Int) -> Line {
            Line(label: label, key: label, text: "\(value)", value: .count(value))
        }
        return [
            count("problems", numbers.problemCount),
            count("samples", k),
            count("episodes", numbers.episodeCount),
            count("failures", numbers.failureCount),
            percent("accuracy (average@k)", "accuracy", numbers.accuracy),
            percent("majority@k", "majority", numbers.majority),
        ] + passCounts(k).map { percent("pass@\($0)", "pass_at_\($0)", numbers.passAt[$0 - 1]) }
            + [
                Line(
                    label: "mean output length",
                    key: "mean_output_tokens",
                    text: fixed(numbers.meanOutputTokens, 1) + " tokens",
                    value: .real(numbers.meanOutputTokens)
                ),
                Line(
                    label: "tool calls per episode",
                    key: "mean_tool_calls",
                    text: fixed(numbers.meanToolCalls, 2),
                    value: .real(numbers.meanToolCalls)
                ),
                percent("truncated", "truncation", numbers.truncation),
                Line(
                    label: "traces",
                    key: "traces",
                    text: result.path,
                    value: .text(result.path)
                ),
            ]
    }

    /// Labels of all lines, in order: runs with fewer samples lack some of pass@k.
    private func keys(_ columns: [[Line]]) -> [(label: String, key: String)] {
        let widest = columns.max { $0.count < $1.count } ?? []
        var keys = widest.map { (label: $0.label, key: $0.key) }
        for line in columns.joined() where !keys.contains(where: { $0.key == line.key }) {
            let place = keys.firstIndex { $0.key == "mean_output_tokens" } ?? keys.endIndex
            keys.insert((line.label, line.key), at: place)
        }
        return keys
    }

    private var table: String {
        let columns = results.map(Self.lines)
        let keys = keys(columns)
        var rows = [[""] + results.map(\.name)]
        for (label, key) in keys {
            rows.append([label] + columns.map { $0.first { $0.key == key }?.text ?? "-" })
        }
        return TextTable(rows).text
    }

    private var csv: String {
        let columns = results.map(Self.lines)
        let keys = keys(columns)
        var rows = [["run"] + keys.map(\.key)]
        for (result, lines) in zip(results, columns) {
            rows.append(
                [result.name] + keys.map { key in lines.first { $0.key == key.key }?.plain ?? "" }
            )
        }
        return rows.map { $0.map(CSV.quoted).joined(separator: ",") + "\n" }.joined()
    }

    private var json: String {
        let objects = results.map { result in
            let fields =
                [("run", JSON.quoted(result.name))]
                + Self.lines(result).map { ($0.key, $0.json) }
            return "  {\n"
                + fields.map { "    \(JSON.quoted($0.0)): \($0.1)" }
                .joined(separator: ",\n") + "\n  }"
        }
        return objects.isEmpty ? "[]\n" : "[\n" + objects.joined(separator: ",\n") + "\n]\n"
    }
}

extension ResultTable.Line {
    /// The value in full, for CSV.
    fileprivate var plain: String {
        switch value {
        case .count(let count): "\(count)"
        case .real(let number): "\(number)"
        case .text(let text): text
        }
    }

    /// The value as JSON, which has no word for what is not finite.
    fileprivate var json: String {
        switch value {
        case .count(let count): "\(count)"
        case .real(let number): number.isFinite ? "\(number)" : "null"
        case .text(let text): JSON.quoted(text)
        }
    }
}
