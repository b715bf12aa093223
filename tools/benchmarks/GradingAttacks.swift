import Foundation

/// Verdicts on generated answers: forms that must be right, mutants that must not, formulas copied
/// from statements, and answers made to cost time.
struct GradingAttacks {
    /// Expected answers and statements, kept outside of the package.
    private static let data = "../shared/data/benchmarks"

    /// One line of a generator.
    private struct Pair: Decodable {
        let gold: String
        let prediction: String
        let kind: String
        /// Of generated forms and mutants: `right` or `not right`.
        let expected: String?
        /// Of copied formulas.
        let containsTaskForm: Bool?

        enum CodingKeys: String, CodingKey {
            case gold, prediction, kind, expected
            case containsTaskForm = "contains_task_form"
        }
    }

    private struct Verdict: Decodable { let outcome: String }

    /// Pairs with their outcomes, in order.
    private struct Graded {
        let pairs: [(pair: Pair, outcome: String)]
        /// Wall time, with the start of the grading processes.
        let seconds: Double
        /// Pairs a second that math-verify alone compares in one process; nil where it was not asked.
        let baselineRate: Double?
    }

    static func figures(_ scale: Scale) throws -> [Figure] {
        guard FileManager.default.fileExists(atPath: data) else {
            print("  skipped: there is no \(data)")
            return []
        }
        return try metamorphic(scale) + copied() + bombs(scale)
    }

    /// Forms of the expected answer, and answers that differ from it.
    private static func metamorphic(_ scale: Scale) throws -> [Figure] {
        let count = scale == .quick ? 1_000 : 20_000
        let graded = try graded(
            "metamorphic.py",
            ["--count", "\(count)", "--data", data],
            workers: 1,
            baseline: scale == .full
        )
        var figures: [Figure] = []
        for (expected, name, allowed) in [
            ("not right", "right", 0.1), ("right", "not right", 0.5),
        ] {
            let asked = graded.pairs.filter { $0.pair.expected == expected }
            let missed = asked.filter { ($0.outcome == "right") != (expected == "right") }
            printKinds(missed, of: "\(name) though \(expected)")
            figures.append(
                Figure(
                    "\(asked.count) generated answers that must be \(expected): \(name)",
                    percent(missed.count, asked.count),
                    "%",
                    against: "allowed",
                    allowed,
                    .atMost(1)
                )
            )
        }
        let rate = Double(graded.pairs.count) / graded.seconds
        figures.append(
            Figure(
                "verdicts a second and core, with the start of the process",
                rate,
                "1/s",
                against: "math-verify alone",
                graded.baselineRate ?? rate
            )
        )
        return figures
    }

    /// Formulas of the statements as answers to their problems.
    private static func copied() throws -> [Figure] {
        let graded = try graded("copied_formulas.py", ["--data", data])
        return [true, false].map { isTask in
            let asked = graded.pairs.filter { $0.pair.containsTaskForm == isTask }
            let right = asked.filter { $0.outcome == "right" }
            if isTask { printKinds(right, of: "right though a task") }
            return Figure(
                "\(asked.count) copied \(isTask ? "formulas with a task form" : "plain values"): right",
                percent(right.count, asked.count),
                "%",
                against: isTask ? "allowed" : "all",
                isTask ? 0.4 : 100,
                isTask ? .atMost(1) : nil
            )
        }
    }

    /// Answers that cost time or memory: each is read in time and none is right.
    private static func bombs(_ scale: Scale) throws -> [Figure] {
        let graded = try graded("grading_bombs.py", [], every: scale == .quick ? 8 : 1)
        let bad = graded.pairs.filter { !["wrong", "unparsed"].contains($0.outcome) }
        printKinds(bad, of: "neither wrong nor unparsed")
        return [
            Figure(
                "\(graded.pairs.count) bombs: right, timeout or error",
                Double(bad.count),
                "",
                against: "one",
                1,
                .atMost(0)
            ),
            Figure(
                "\(graded.pairs.count) bombs: mean time",
                1_000 * graded.seconds / Double(graded.pairs.count),
                "ms",
                against: "budget",
                1_500,
                .atMost(1)
            ),
        ]
    }

    /// Has the lines of a generator graded as `deepmath grade` does it.
    ///
    /// With `workers` grading processes, or as many as the configuration has; of the lines each
    /// `every`-th. With `baseline` a part of them goes to math-verify alone as well.
    private static func graded(
        _ generator: String,
        _ arguments: [String],
        workers: Int? = nil,
        every: Int = 1,
        baseline: Bool = false
    ) throws -> Graded {
        let command = [SandboxExperiment.python, "tools/benchmarks/\(generator)"] + arguments
        let text = String(decoding: try Command(command).output(), as: UTF8.self)
        let lines = text.split(separator: "\n").enumerated()
            .filter { $0.offset.isMultiple(of: every) }.map(\.element)
        let pairs = try lines.map { try JSONDecoder().decode(Pair.self, from: Data($0.utf8)) }
        return try FileManager.default.withScratchDirectory { directory in
            let path = directory + "/pairs.jsonl"
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
            let limit = workers.map { ["--set", "grading.workers=\($0)"] } ?? []
            let run = try ProgramRun("deepmath", ["grade", "--jsonl", path] + limit)
            let verdicts = try run.output.split(separator: "\n").map {
                try JSONDecoder().decode(Verdict.self, from: Data($0.utf8))
            }
            guard verdicts.count == pairs.count else {
                throw ProgramRun.Failure(
                    description: "\(verdicts.count) verdicts on \(pairs.count) pairs"
                )
            }
            return Graded(
                pairs: Array(zip(pairs, verdicts.map(\.outcome))),
                seconds: run.seconds,
                baselineRate: baseline ? try baselineRate(lines, in: directory) : nil
            )
        }
    }

    /// Pairs a second that math-verify alone compares: of a tenth of them, with its start.
    private static func baselineRate(_ lines: [Substring], in directory: String) throws -> Double {
        // An odd step, for right and wrong answers take turns.
        let some = lines.enumerated().filter { $0.offset.isMultiple(of: 11) }.map(\.element)
        let path = directory + "/some.jsonl"
        try Data(some.joined(separator: "\n").utf8).write(to: URL(filePath: path))
        let start = ContinuousClock.now
        _ = try Command([
            SandboxExperiment.python, "tools/benchmarks/math_verify_baseline.py", path,
        ]).output()
        return Double(some.count) / ((ContinuousClock.now - start) / .seconds(1))
    }

    private static func percent(_ part: Int, _ whole: Int) -> Double {
        100 * Double(part) / Double(max(whole, 1))
    }

    /// Prints how many pairs of each kind missed, with one of them.
    private static func printKinds(_ missed: [(pair: Pair, outcome: String)], of what: String) {
        let kinds = Dictionary(grouping: missed) { $0.pair.kind }
        for (kind, pairs) in kinds.sorted(by: {
            ($1.value.count, $0.key) < ($0.value.count, $1.key)
        }) {
            let (pair, outcome) = pairs[0]
            print(
                "  \(what): \(pairs.count) of kind \(kind), one is \(outcome): expected "
                    + "\(shortened(pair.gold)), given \(shortened(pair.prediction))"
            )
        }
    }

    /// The end of a text, where its answer stands, on one line.
    private static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 70 ? "..." + line.suffix(70) : line
    }
}
