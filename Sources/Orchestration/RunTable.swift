import RolloutModel
import TraceStore

/// The table that ends a run.
enum RunTable {
    /// Prints it to standard output.
    static func printTable(of outcomes: [EpisodeOutcome], in directory: RunDirectory) {
        let result = RunResult(
            name: directory.path,
            outcomes: outcomes,
            path: directory.path + "/traces.h5"
        )
        Console.result(ResultTable([result]).text())
    }
}
