import Foundation
import Testing

/// Whole evaluations with a real vLLM for every worker and the demo model.
@Suite(.serialized) struct EvaluationTests {
    /// One row a line: everything of an episode that placement and timing must not change.
    private static let rowsScript = #"""
        import sys, h5py
        with h5py.File(sys.argv[1]) as f:
            e, text = f["episodes"], f["episodes/text"][()].tobytes()
            def words(column):
                first, count = e[column + "_first"][()], e[column + "_count"][()]
                return [text[a:a + n].decode() for a, n in zip(first, count)]
            columns = ["problem_index", "sample_index", "status", "finish", "outcome", "reward",
                       "prompt_token_count", "sampled_token_count", "tool_token_count", "tool_call_count"]
            rows = zip(*[e[c][()].tolist() for c in columns], words("answer"))
            for row in rows:
                print(*row)
        """#

    /// The node with its ranks, and what the time series say, against the rows of the episodes.
    private static let seriesScript = #"""
        import sys, h5py
        with h5py.File(sys.argv[1]) as f:
            ranks, hosts, tokens = f["ranks"], f["hosts"], f["episodes/sampled_token_count"][()].sum()
            print(len(hosts["core_count"]), hosts["rank_count"][0],
                  ranks["sampled_token_count"][()].sum() == tokens,
                  f["sandbox_latency/count"][()].sum() == len(f["tool_calls/turn_index"]),
                  abs(f["groups/reward_mean"][()].mean() - f["episodes/reward"][()].mean()) < 1e-9)
        """#

    @Test func gradesDoNotDependOnTheNumberOfRanks() throws {
        var rows: [String] = []
        for rankCount in [3, 0] {
            let run = try Program.scratchFolder().appending(path: "run").path
            let program = try Program(
                "deepmath",
                Self.arguments(run: run, limit: 40, samples: 1) + [
                    "--set", "sampling.temperature=0",
                ],
                rankCount: rankCount
            )
            let outcome = try program.finish()
            #expect(outcome.status == 0, "\(outcome.end)")
            #expect(try program.survivors(after: 5).isEmpty)
            let dump = try Program.python(Self.rowsScript, [run + "/traces.h5"])
            #expect(dump.output.split(separator: "\n").count == 40)
            rows.append(dump.output)
        }
        #expect(rows[0] == rows[1])
    }

    @Test func theFileAloneGivesTheSameTable() throws {
        let run = try Program.scratchFolder().appending(path: "run").path
        let outcome = try Program.run(
            "deepmath",
            Self.arguments(run: run, limit: 50, samples: 4),
            rankCount: 3
        )
        #expect(outcome.status == 0, "\(outcome.end)")
        #expect(outcome.errors.contains("episodes/s") && outcome.errors.contains("tokens/s"))
        let summary = try Program.run("deepmath-report", ["summary", run])
        #expect(summary.status == 0)
        for name in ["accuracy", "majority@", "pass@4", "output length", "tool calls"] {
            let inRun = try #require(Self.line(of: name, in: outcome.output), "\(name)")
            let inSummary = try #require(Self.line(of: name, in: summary.output), "\(name)")
            // The report adds the interval, and rounds to the digits that it leaves.
            let exact = try #require(Self.number(in: inRun), "\(inRun)")
            let rounded = try #require(Self.number(in: inSummary), "\(inSummary)")
            let digits = rounded.split(separator: ".").dropFirst().first?.count ?? 0
            let unit = pow(10.0, Double(-digits))
            let gap = abs(try #require(Double(exact)) - (try #require(Double(rounded))))
            #expect(gap <= 0.5 * unit + 0.005, "\(inRun), \(inSummary)")
        }
        // The demo model answers most problems, and not all.
        let accuracy = try #require(Self.accuracy(in: outcome.output))
        #expect(accuracy > 70 && accuracy < 100)

        // What the sandbox and the grader said comes out again.
        let replay = try Program.run("deepmath-report", ["replay", run, "--jobs", "2"])
        #expect(replay.status == 0, "\(replay.end)")
        #expect(replay.output.contains("episodes run again, 0 came out different"))
        #expect(!replay.output.contains("differs"), "\(replay.output)")
        let regrade = try Program.run("deepmath-report", ["regrade", run])
        #expect(regrade.status == 0, "\(regrade.end)")
        #expect(regrade.output.contains("200 episodes graded again, 0 verdicts changed"))
        let series = try Program.python(Self.seriesScript, [run + "/traces.h5"])
        #expect(series.output == "1 3 True True True\n", "\(series.output)")

        let example = try Program.python(try Self.readmeExample(run: run))
        #expect(example.status == 0)
        let computed = try #require(
            Double(example.output.trimmingCharacters(in: .whitespacesAndNewlines))
        )
        #expect(abs(100 * computed - accuracy) < 0.01)

        let again = try Program.run(
            "deepmath",
            Self.arguments(run: run, limit: 50, samples: 4),
            rankCount: 2
        )
        #expect(again.status == 0, "a finished run has nothing to do")
        #expect(Self.accuracy(in: again.output) == accuracy)
    }

    @Test func aStoppedRunLeavesNoProcess() throws {
        let run = try Program.scratchFolder().appending(path: "run").path
        let (program, outcome) = try Self.stopped(run: run, by: SIGTERM)
        #expect(outcome.status != 0)
        #expect(try program.survivors(after: 10).isEmpty)
    }

    @Test func aStoppedRunGoesOnWhereItWas() throws {
        let run = try Program.scratchFolder().appending(path: "run").path
        let (program, outcome) = try Self.stopped(run: run, by: SIGUSR1)
        #expect(outcome.status == 75, "\(outcome.end)")
        #expect(outcome.errors.contains("goes on from there"))
        #expect(try program.survivors(after: 10).isEmpty)

        let rest = try Program.run("deepmath", Self.stoppable(run: run), rankCount: 0)
        #expect(rest.status == 0, "\(rest.end)")
        let dump = try Program.python(Self.rowsScript, [run + "/traces.h5"])
        let keys = dump.output.split(separator: "\n").map {
            $0.split(separator: " ").prefix(2).joined(separator: " ")
        }
        #expect(keys.count == 800)
        #expect(Set(keys).count == 800)
    }

    /// Starts a run on two ranks, and stops it by `signal` to mpirun after its first round.
    private static func stopped(
        run: String,
        by signal: Int32
    ) throws -> (Program, Program.Outcome) {
        let program = try Program("deepmath", stoppable(run: run), rankCount: 2)
        let segments = run + "/segments"
        // The first segment has the problems alone; the second has the first round.
        let hasRound = try program.wait(upTo: 300) {
            guard FileManager.default.fileExists(atPath: segments) else { return false }
            let names = try FileManager.default.contentsOfDirectory(atPath: segments)
            return names.count { $0.hasSuffix(".h5") } >= 2
        }
        #expect(hasRound)
        kill(program.process.processIdentifier, signal)
        return (program, try program.finish())
    }

    /// A run that a stop finds in the middle: in the usual minute to drain, it would be finished.
    private static func stoppable(run: String) -> [String] {
        arguments(run: run, limit: 200, samples: 4)
            + ["--set", "run.round_seconds=1", "--set", "run.drain_seconds=2"]
    }

    @Test func aFailureInTheMiddleLeavesNoProcess() throws {
        let run = try Program.scratchFolder().appending(path: "run").path
        let program = try Program(
            "deepmath",
            Self.arguments(run: run, limit: 200, samples: 8),
            rankCount: 2
        )
        let hasBegun = try program.wait(upTo: 300) {
            try program.errorsSoFar().contains("episodes/s")
        }
        #expect(hasBegun)
        let workers = try program.survivors().filter {
            $0.contains("deepmath eval") && !$0.contains("mpirun")
        }
        let victim = try #require(workers.last?.split(separator: " ").first.flatMap { Int32($0) })
        kill(victim, SIGKILL)
        let outcome = try program.finish()
        #expect(outcome.status != 0)
        #expect(try program.survivors(after: 10).isEmpty)
    }

    private static func arguments(run: String, limit: Int, samples: Int) -> [String] {
        [
            "eval", "--config", "configs/demo.yaml", "--run", run,
            "--set", "dataset.limit=\(limit)", "--set", "run.samples=\(samples)",
        ]
    }

    private static func line(of name: String, in table: String) -> String? {
        table.split(separator: "\n").first { $0.contains(name) }
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }

    /// The first number of a line.
    private static func number(in line: String) -> Substring? {
        line.split(separator: " ").first { Double($0) != nil }
    }

    private static func accuracy(in table: String) -> Double? {
        line(of: "accuracy", in: table)?.split(separator: " ").compactMap { Double($0) }.first
    }

    /// The README's h5py example, pointed at `run`.
    private static func readmeExample(run: String) throws -> String {
        let readme = try String(
            contentsOf: Program.root.appending(path: "README.md"),
            encoding: .utf8
        )
        let blocks = readme.components(separatedBy: "```python\n").dropFirst()
        let example = try #require(blocks.first { $0.contains("h5py") })
        let source = try #require(example.components(separatedBy: "```").first)
        return source.replacingOccurrences(of: "runs/demo", with: run)
    }
}
