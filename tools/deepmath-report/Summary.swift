public import ArgumentParser
import RolloutModel
import TraceStore

/// `summary RUN...`: the result table of any number of runs, from their files alone.
struct Summary: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints accuracy, majority, pass@k, lengths and speed of runs, side by side.",
        discussion: """
            accuracy: share of right samples, averaged over problems. majority@k: share of problems \
            whose commonest answer is right. pass@k: chance that at least one of k samples is right \
            (Chen et al. 2021). pass^k: that all k are (Yao et al. 2024). G-Pass@k, tau: that at least \
            tau k of k are; mG-Pass@k: its mean over tau from 0.5 to 1 (Liu et al. 2024). A problem \
            with fewer than k counted samples is left out of these, and the table says how many are. \
            truncated: share of episodes that a limit of tokens, context or time cut off; step limit \
            reached: share that used up their model turns; copied from statement: share whose answer stands \
            in the statement.

            Brackets hold 95 % intervals: how far the number might move with other problems of the \
            same kind. Rates: Clopper and Pearson (1934) where each problem counts 0 or 1, and its \
            extension to fractions (Gaffke 2005; Learned-Miller and Thomas 2019) elsewhere, from 20,000 \
            draws; they have a width also where all problems agree. Lengths and calls: a bootstrap of \
            20,000 draws of problems (Efron 1979), none where all problems agree. Figures are rounded to \
            what the interval leaves of them; json and csv have all digits.

            To tell 1 point apart: problems and samples that the paired test of compare needs to find a \
            difference of one point of accuracy, at 5 % two-sided, with 80 % power (Miller 2024). The \
            smaller number is for a second run that does equally well on each problem, the larger for one \
            whose rates have nothing to do with these.

            Episodes that failed for a reason outside the model are counted as failures and nowhere \
            else. Tokens per second are over the time in which ranks made attempts; GPU-seconds count \
            that time for every GPU that a rank held. Of a run that is unfinished the summary says how \
            much there is: quick attempts come first.
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
            throw ValidationError("--curve supports table and csv, not json")
        }
    }

    func run() throws {
        if curve {
            try Terminal.show(curves())
            return
        }
        if reference {
            var entries: [ReferenceTable.Entry] = []
            var notes: [String] = []
            for run in runs {
                let reader = try Runs.open(run)
                let outcomes = try reader.outcomes()
                entries += try Self.entries(reader, outcomes)
                let extent = try RecordedExtent.of(reader, outcomes)
                notes += [ResultNotes.unfinished(run, extent)].compactMap { $0 }
            }
            try Terminal.show(ReferenceTable(entries).text(output) + noteLines(notes))
            return
        }
        var results: [RunResult] = []
        var notes: [String] = []
        for run in runs {
            let parts = try parts(Runs.open(run), run: run)
            results += parts.results
            // A part of a run has no extent of its own.
            if by != nil { notes += [ResultNotes.unfinished(run, parts.extent)].compactMap { $0 } }
        }
        let table = ResultTable(results)
        try Terminal.show(
            table.text(output, isTransposed: by != nil || results.count > 4)
                + noteLines(notes + table.notes(hasPower: by == nil))
                + (output == .table ? curves() : "")
        )
    }

    /// Paragraphs below a table for people; programs get none.
    private func noteLines(_ notes: [String]) -> String {
        output == .table ? notes.map { "\n" + Paragraph.lines($0) }.joined() : ""
    }

    /// The curves of those runs that are trainings.
    private func curves() throws -> String {
        try runs.map { run in
            let curve = try TrainingCurve(run: run, skippingDamage: Runs.leaveOut)
            guard !curve.points.isEmpty else { return "" }
            let heading = output == .csv && runs.count == 1 ? "" : "\n\(run), step by step\n"
            return heading + CurveText(curve).text(asCSV: output == .csv)
        }.joined()
    }

    private func parts(
        _ reader: TraceReader,
        run: String
    ) throws -> (results: [RunResult], extent: RunExtent?) {
        guard let by else {
            let outcomes = try reader.outcomes()
            let extent = try RecordedExtent.of(reader, outcomes)
            let result = RunResult(
                name: run,
                outcomes: outcomes,
                hasIntervals: !withoutIntervals,
                throughput: RunThroughput(try reader.rankSamples()),
                extent: extent,
                path: reader.path
            )
            return ([result], extent)
        }
        let problems = try reader.problems()
        let members = try reader.members()
        let groups = Dictionary(grouping: members) { member in
            let index = member.outcome.task.problem.value
            return by.value(
                index < problems.count ? problems[index] : nil,
                policyVersion: member.policyVersion
            )
        }
        let results = groups.sorted { Self.isBefore($0.key, $1.key) }.map { part, members in
            RunResult(
                name: runs.count == 1 ? part : run + ": " + part,
                outcomes: members.map(\.outcome),
                hasIntervals: !withoutIntervals,
                path: reader.path
            )
        }
        return (results, try RecordedExtent.of(reader, members.map(\.outcome)))
    }

    /// The attempts of a run by data set, with the method that its configuration states.
    private static func entries(
        _ reader: TraceReader,
        _ outcomes: [EpisodeOutcome]
    ) throws -> [ReferenceTable.Entry] {
        let method = Method(try RecordedJob.configuration(reader, overrides: []))
        let problems = try reader.problems()
        let groups = Dictionary(grouping: outcomes) { outcome in
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
