import ArgumentParser
import RolloutModel
import TraceStore

/// `compare A B...`: what changed from one run to others, paired by problem.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares runs with a first one, paired by problem.",
        discussion: """
            Differences are the later run minus the first, over the problems that both have, matched by \
            their ids. Brackets hold 95 % intervals: of rates Tango's (1998) where each problem counts -1, \
            0 or 1, elsewhere a bootstrap of 20,000 draws of problems (Efron 1979), widened where hardly \
            any problem differs, so that it has a width also where all agree.

            p: chance of a difference as large if the runs did not differ, by Fisher's test of signs \
            (exact for rates). Holm p: the same, adjusted for all p-values that this call prints (every \
            metric, run and part: one family; Holm 1979). If it is 0.05 or less, the difference stands among \
            all of these.

            To tell 1 point apart: problems and samples of each run with which this test finds a difference \
            of one point of accuracy, at 5 % two-sided, with 80 % power, for runs that vary as these do \
            (Miller 2024).
            """
    )

    /// A field that splits the problems into parts.
    enum Field: String, CaseIterable, ExpressibleByArgument {
        case subject
        case level
        case dataset

        /// The part that `problem` belongs to.
        func value(_ problem: Problem) -> String {
            let value =
                switch self {
                case .subject: problem.subject
                case .level: problem.level
                case .dataset: problem.dataset
                }
            return value.isEmpty ? "(none)" : value
        }
    }

    @Argument(help: "The run to compare with.")
    var first: String

    @Argument(help: "The runs that are compared with it.")
    var others: [String]

    @Option(help: "One comparison for each value of this field: subject, level or dataset.")
    var by: Field?

    @Option(help: "table or json.")
    var output = Output.table

    enum Output: String, ExpressibleByArgument, CaseIterable {
        case table
        case json
    }

    func run() throws {
        let base = try ComparedRun(first)
        let pairs = try others.flatMap { try self.pairs(base, ComparedRun($0)) }
        let text = ComparisonText(pairs)
        try Terminal.show(output == .table ? text.table : text.json)
    }

    /// The comparison of two runs, or those of their parts.
    private func pairs(_ base: ComparedRun, _ run: ComparedRun) throws -> [ComparedPair] {
        let parts = by.map { by in Set(base.side.problems.map(by.value)).sorted() }
        let pairs =
            parts?.compactMap { part in
                ComparedPair(base, run, part: part) { by?.value($0) == part }
            } ?? [ComparedPair(base, run, part: nil) { _ in true }].compactMap { $0 }
        guard !pairs.isEmpty else {
            throw TraceError.noEpisode(
                path: run.name,
                wanted: "any problem that has counted episodes in \(base.name)"
            )
        }
        return pairs
    }
}

/// A run that is compared.
struct ComparedRun {
    /// As the user typed it.
    let name: String
    let side: RunComparison.Side
    /// How much of it there is; nil where that is not recorded.
    let extent: RunExtent?

    /// Opens and reads a run.
    ///
    /// - Throws: `TraceError`.
    init(_ name: String) throws {
        self.name = name
        let reader = try Runs.open(name)
        side = RunComparison.Side(problems: try reader.problems(), outcomes: try reader.outcomes())
        extent = try RecordedExtent.of(reader, side.outcomes)
    }
}

/// Two runs, or the same part of both, and how they differ.
struct ComparedPair {
    let first: ComparedRun
    let second: ComparedRun
    /// The value of the field that splits them; nil for whole runs.
    let part: String?
    let comparison: RunComparison

    /// The comparison over the problems of the first run for which `isIn`; nil when the runs share none of
    /// them.
    init?(_ first: ComparedRun, _ second: ComparedRun, part: String?, _ isIn: (Problem) -> Bool) {
        let ids = Set(first.side.problems.filter(isIn).map(\.id))
        let sides = [first.side, second.side].map { side in
            part == nil
                ? side
                : RunComparison.Side(
                    problems: side.problems,
                    outcomes: side.outcomes.filter { outcome in
                        let index = outcome.task.problem.value
                        return side.problems.indices.contains(index)
                            && ids.contains(side.problems[index].id)
                    }
                )
        }
        guard let comparison = RunComparison(sides[0], sides[1]) else { return nil }
        self.first = first
        self.second = second
        self.part = part
        self.comparison = comparison
    }
}
