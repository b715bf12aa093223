import Foundation

/// Verdicts on other projects' reference pairs, beside those of math-verify alone, and on generated
/// answers.
enum GradingExperiment: Experiment {
    static let name = "grading"
    static let question = "How often is a verdict wrong, on reference pairs and under attack?"

    /// Pairs with the verdict that their suite expects, kept outside of the package.
    private static let triples = "../shared/data/grader/triples.jsonl"

    private struct Triple: Decodable {
        let id: String
        let suite: String
        let gold: String
        /// Nil where the model gave no answer.
        let prediction: String?
        let expectedEqual: Bool

        enum CodingKeys: String, CodingKey {
            case id, suite, gold, prediction
            case expectedEqual = "expected_equal"
        }
    }

    private struct Verdict: Decodable {
        let id: String
        let outcome: String
    }

    static func figures(_ scale: Scale) throws -> [Figure] {
        try agreement() + GradingAttacks.figures(scale)
    }

    /// Agreement with the pairs of other projects.
    private static func agreement() throws -> [Figure] {
        guard FileManager.default.fileExists(atPath: triples) else {
            print("  skipped: there is no \(triples)")
            return []
        }
        let pairs: [Triple] = try decoded(String(contentsOfFile: triples, encoding: .utf8))
        let ours = try graded(triples)
        let start = ContinuousClock.now
        let baseline = try JSONDecoder().decode(
            [Bool?].self,
            from: Command([
                SandboxExperiment.python, "tools/benchmarks/math_verify_baseline.py", triples,
            ]).output()
        )
        let baselineSeconds = (ContinuousClock.now - start) / .seconds(1)
        var agreed: [String: (ours: Int, baseline: Int, all: Int)] = [:]
        for ((pair, verdict), alone) in zip(zip(pairs, ours.verdicts), baseline) {
            let isRight = verdict.outcome == "right"
            for suite in [pair.suite, all] {
                agreed[suite, default: (0, 0, 0)].all += 1
                agreed[suite]?.ours += isRight == pair.expectedEqual ? 1 : 0
                // An error is no agreement, whatever was expected.
                agreed[suite]?.baseline += alone == pair.expectedEqual ? 1 : 0
            }
            if isRight != pair.expectedEqual { print(line(pair, verdict)) }
        }
        return agreed.sorted { $0.key < $1.key }.map { suite, counts in
            Figure(
                "\(suite), \(counts.all) pairs: agreement",
                percent(counts.ours, counts.all),
                "%",
                // A suite that math-verify alone misses altogether is held against one pair of it.
                against: "math-verify alone",
                percent(max(counts.baseline, 1), counts.all),
                suite == all ? .atLeast(1.2) : .atLeast(0.95)
            )
        } + [
            Figure(
                "all pairs, with the start of the processes",
                ours.seconds,
                "s",
                against: "math-verify alone, one process",
                baselineSeconds,
                .atMost(2)
            )
        ]
    }

    private static let all = "all suites"

    private static func percent(_ part: Int, _ whole: Int) -> Double {
        100 * Double(part) / Double(whole)
    }

    private static func line(_ pair: Triple, _ verdict: Verdict) -> String {
        "  differs: \(pair.id) expects \(pair.expectedEqual ? "right" : "not right"), is "
            + "\(verdict.outcome): expected \(shortened(pair.gold)), "
            + "given \(shortened(pair.prediction ?? "nothing"))"
    }

    /// The end of a text, where its answer stands, on one line.
    private static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 60 ? "..." + line.suffix(60) : line
    }

    private static func graded(_ path: String) throws -> (verdicts: [Verdict], seconds: Double) {
        let run = try ProgramRun("deepmath", ["grade", "--prose", "--jsonl", path])
        return (try decoded(run.output), run.seconds)
    }

    private static func decoded<Value: Decodable>(_ lines: String) throws -> [Value] {
        try lines.split(separator: "\n").map {
            try JSONDecoder().decode(Value.self, from: Data($0.utf8))
        }
    }
}
