public import ArgumentParser
import RolloutModel
import TraceStore

/// `summary RUN...`: the result table of any number of runs, from their files alone.
struct Summary: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints accuracy, majority, pass@k, lengths and speed of runs, side by side.",
        discussion: """
            Brackets hold 95 % intervals: a bootstrap over problems. Episodes that failed for a \
            reason outside the model are counted as failures and nowhere else. Tokens per second \
            are over the time in which ranks made attempts; GPU-seconds count that time for every \
            GPU that a rank held.
            """
    )

    /// A field that splits a run into parts.
    enum Field: String, CaseIterable, ExpressibleByArgument {
        case subject
        case level
        case dataset
        /// The adapter that sampled.
        case policy

        /// The part that an attempt at `problem` belongs to.
        func value(_ problem: Problem?, policyVersion: Int) -> String {
            let value =
                switch self {
                case .subject: problem?.subject
                case .level: problem?.level
                case .dataset: problem?.dataset
                case .policy: "policy \(policyVersion)"
                }
            return value.flatMap { $0.isEmpty ? nil : $0 } ?? "(none)"
        }
    }

    @Argument(help: "Run directories, or their traces.h5.")
    var runs: [String]

    @Option(help: "One line for each value of this field: subject, level, dataset or policy.")
    var by: Field?

    @Flag(help: "Majority and length by method and data set, beside the published figures.")
    var reference = false

    @Flag(help: "Leave the intervals out.")
    var withoutIntervals = false

    @Flag(help: "Of training runs only the curve, a line for each step; as table or csv.")
    var curve = false

    @Option(help: "table, json or csv.")
    var output = ResultTable.Format.table

    func validate() throws {
        guard !reference || by == nil else {
            throw ValidationError("--reference has lines of its own: leave --by out")
        }
        guard !curve || output != .json else {
            throw ValidationError("the curve is a table or csv; json has it not")
        }
    }

    func run() throws {
        if curve {
            try Terminal.show(curves())
            return
        }
        if reference {
            let entries = try runs.flatMap { try Self.entries(Runs.open($0)) }
            try Terminal.show(ReferenceTable(entries).text(output))
            return
        }
        let results = try runs.flatMap { run in try parts(Runs.open(run), run: run) }
        try Terminal.show(
            ResultTable(results).text(output, isTransposed: by != nil || results.count > 4)
                + (output == .table ? curves() : "")
        )
    }

    /// The curves of those runs that are trainings.
    private func curves() throws -> String {
        try runs.map { run in
            let curve = try TrainingCurve(run: run)
            guard !curve.points.isEmpty else { return "" }
            let heading = output == .csv && runs.count == 1 ? "" : "\n\(run), step by step\n"
            return heading + CurveText(curve).text(asCSV: output == .csv)
        }.joined()
    }

    private func parts(_ reader: TraceReader, run: String) throws -> [RunResult] {
        guard let by else {
            return [
                RunResult(
                    name: run,
                    outcomes: try reader.outcomes(),
                    hasIntervals: !withoutIntervals,
                    throughput: RunThroughput(try reader.rankSamples()),
                    path: reader.path
                )
            ]
        }
        let problems = try reader.problems()
        let groups = Dictionary(grouping: try reader.members()) { member in
            let index = member.outcome.task.problem.value
            return by.value(
                index < problems.count ? problems[index] : nil,
                policyVersion: member.policyVersion
            )
        }
        return groups.sorted { Self.isBefore($0.key, $1.key) }.map { part, members in
            RunResult(
                name: runs.count == 1 ? part : run + ": " + part,
                outcomes: members.map(\.outcome),
                hasIntervals: !withoutIntervals,
                path: reader.path
            )
        }
    }

    /// The attempts of a run by data set, with the method that its configuration states.
    private static func entries(_ reader: TraceReader) throws -> [ReferenceTable.Entry] {
        let method = Method(try RecordedJob.configuration(reader, overrides: []))
        let problems = try reader.problems()
        let groups = Dictionary(grouping: try reader.outcomes()) { outcome in
            let index = outcome.task.problem.value
            return Field.dataset.value(
                index < problems.count ? problems[index] : nil,
                policyVersion: 0
            )
        }
        return groups.sorted { $0.key < $1.key }.map {
            ReferenceTable.Entry(method: method, dataset: $0.key, outcomes: $0.value)
        }
    }

    /// Alphabetic, but `policy 9` before `policy 10`.
    private static func isBefore(_ left: String, _ right: String) -> Bool {
        let numbers = [left, right].map { $0.split(separator: " ").last.flatMap { Int($0) } }
        if let first = numbers[0], let second = numbers[1], first != second {
            return first < second
        }
        return left < right
    }
}

extension ResultTable.Format: ExpressibleByArgument {}
