public import ArgumentParser
import RolloutModel
import TraceStore

/// `summary RUN...`: the result table of any number of runs, from their files alone.
struct Summary: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints accuracy, majority, pass@k and lengths of runs, side by side."
    )

    @Argument(help: "Run directories, or their traces.h5.")
    var runs: [String]

    @Option(help: "table, json or csv.")
    var output = ResultTable.Format.table

    func validate() throws {
        guard !runs.isEmpty else { throw ValidationError("name at least one run") }
    }

    func run() throws {
        let results = try runs.map { run in
            let reader = try TraceReader(run: run)
            return RunResult(
                name: run,
                statistics: RunStatistics(try reader.outcomes()),
                path: reader.path
            )
        }
        print(ResultTable(results).text(output), terminator: "")
    }
}

extension ResultTable.Format: ExpressibleByArgument {}
