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
        show(ResultTable([result]))
    }

    /// Prints one table of finished runs to standard output.
    static func printTable(of directories: [RunDirectory]) throws {
        let results = try directories.map { directory in
            let reader = try TraceReader(run: directory.path)
            return RunResult(
                name: directory.path,
                outcomes: try reader.outcomes(),
                path: reader.path
            )
        }
        show(ResultTable(results), isTransposed: results.count > 4)
    }

    private static func show(_ table: ResultTable, isTransposed: Bool = false) {
        let notes = table.notes(hasPower: false).map { "\n" + Paragraph.lines($0) }.joined()
        Console.result(table.text(isTransposed: isTransposed) + notes)
    }
}
