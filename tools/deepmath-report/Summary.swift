public import ArgumentParser
import RolloutModel
import TraceStore

/// `summary RUN...`: the result table of any number of runs, from their files alone.
struct Summary: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints accuracy, majority, pass@k and lengths of runs, side by side.",
        discussion: """
            Brackets hold 95 % intervals: a bootstrap over problems. Episodes that failed for a \
            reason outside the model are counted as failures and nowhere else.
            """
    )

    /// A field of problems that splits a run into parts.
    enum Field: String, CaseIterable, ExpressibleByArgument {
        case subject
        case level

        func value(_ problem: Problem) -> String {
            let value =
                switch self {
                case .subject: problem.subject
                case .level: problem.level
                }
            return value.isEmpty ? "(none)" : value
        }
    }

    @Argument(help: "Run directories, or their traces.h5.")
    var runs: [String]

    @Option(help: "One line for each value of this field: subject or level.")
    var by: Field?

    @Flag(help: "Leave the intervals out.")
    var withoutIntervals = false

    @Option(help: "table, json or csv.")
    var output = ResultTable.Format.table

    func run() throws {
        var damaged: [TraceError] = []
        let results = try runs.flatMap { run in
            try parts(TraceReader(run: run, skippingDamage: { damaged.append($0) }), run: run)
        }
        print(
            ResultTable(results).text(output, isTransposed: by != nil || results.count > 4),
            terminator: ""
        )
        guard damaged.isEmpty else {
            for error in damaged { complain("left out: \(error)") }
            leave(1)
        }
    }

    private func parts(_ reader: TraceReader, run: String) throws -> [RunResult] {
        let outcomes = try reader.outcomes()
        guard let by else { return [result(run, outcomes, reader.path)] }
        let problems = try reader.problems()
        let groups = Dictionary(grouping: outcomes) { outcome in
            let index = outcome.task.problem.value
            return index < problems.count ? by.value(problems[index]) : "(none)"
        }
        return groups.sorted { $0.key < $1.key }.map { group, outcomes in
            result(runs.count == 1 ? group : run + ": " + group, outcomes, reader.path)
        }
    }

    private func result(
        _ name: String,
        _ outcomes: [EpisodeOutcome],
        _ path: String
    ) -> RunResult {
        RunResult(
            name: name,
            statistics: RunStatistics(outcomes),
            intervals: withoutIntervals ? nil : RunIntervals(outcomes),
            path: path
        )
    }
}

extension ResultTable.Format: ExpressibleByArgument {}
