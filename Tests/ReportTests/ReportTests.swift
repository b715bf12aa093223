import Foundation
import HDF5
import ParallelLaunch
import RolloutModel
import Testing
import TraceStore

@Suite struct ReportTests {
    @Test func summaryPrintsTheNumbersOfTheRunFromTheFileAlone() throws {
        try withRun { run in
            let reader = try TraceReader(run: run)
            let outcome = try report(["summary", run, "--without-intervals"])
            #expect(outcome.exitCode == 0)
            let result = RunResult(
                name: run,
                outcomes: try reader.outcomes(),
                throughput: RunThroughput(try reader.rankSamples()),
                path: run + "/traces.h5"
            )
            let table = ResultTable([result])
            #expect(
                outcome.output == table.text()
                    + table.notes(hasPower: true).map { "\n" + Paragraph.lines($0) }.joined()
            )
        }
    }

    /// The example run has 23 problems with 4 samples and, as configured, is whole; its first segments are
    /// not.
    @Test func anUnfinishedRunSaysHowMuchThereIsInEveryVerb() throws {
        try withDirectory { directory in
            let made = try ParallelLaunch.run(["traces", directory, "keep"], rankCount: 0)
            try #require(made.exitCode == 0, "\(made.output)")
            #expect(try !report(["summary", directory]).output.contains("unfinished"))
            let segments = try FileManager.default
                .contentsOfDirectory(atPath: directory + "/segments").sorted()
            try FileManager.default
                .removeItem(atPath: directory + "/segments/" + (try #require(segments.last)))
            let there = try TraceReader(run: directory).episodeCount
            let note = "\(directory) is unfinished: \(there) of 92 attempts are made"
            for arguments in [
                ["summary", directory], ["summary", directory, "--by", "level"],
                ["summary", directory, "--reference"], ["compare", directory, directory],
            ] {
                let output = try report(arguments).output.replacing("\n", with: " ")
                #expect(output.contains(note), "\(arguments): \(output)")
                #expect(output.contains("Quick attempts come first"))
            }
            let json = try report(["summary", directory, "--output", "json"]).output
            #expect(json.contains("\"attempts_made\": \(there),\n    \"attempts_wanted\": 92,"))
            let csv = try report(["summary", directory, "--output", "csv"]).output
            #expect(!csv.contains("unfinished") && csv.contains("attempts_made,attempts_wanted"))
            let page = directory + "/page.html"
            #expect(try report(["html", directory, "-o", page]).exitCode == 0)
            #expect(try String(contentsOfFile: page, encoding: .utf8).contains(note))
        }
    }

    @Test(arguments: [
        ("dataset", ["first", "second"]), ("subject", ["(none)", "algebra"]),
        ("policy", ["policy 0", "policy 1"]),
    ])
    func summaryGroupsByEveryField(field: String, parts: [String]) throws {
        try withRun { run in
            let outcome = try report(["summary", run, "--by", field, "--output", "csv"])
            #expect(outcome.exitCode == 0)
            let lines = outcome.output.split(separator: "\n")
            #expect(lines[0].hasPrefix("run,problems,samples,episodes,failures,attempts_made,"))
            #expect(lines[0].contains(",accuracy,accuracy_low,accuracy_high,"))
            #expect(lines.dropFirst().map { String($0.prefix { $0 != "," }) } == parts)
        }
    }

    /// Two ranks with GPUs of 1.5 s a round would be 2 * 5 * 1.5 s; the example run has rank 0 alone.
    @Test func summaryHasSpeedAndCost() throws {
        try withDirectory { directory in
            let made = try ParallelLaunch.run(["traces", directory, "pack"], rankCount: 3)
            try #require(made.exitCode == 0, "\(made.output)")
            let outcome = try report(["summary", directory, "--output", "json"])
            let list = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
            let result = try #require((list as? [[String: Any]])?.first)
            // Rounds 0...4 of three ranks sample 3 * (0 + 1000 + ... + 4000) + 5 * (1 + 2) tokens in 7.5 s.
            #expect(result["tokens_per_second"] as? Double == 30_015 / 7.5)
            let outcomes = try TraceReader(run: directory).outcomes()
            let right = outcomes.count { RunStatistics.counts($0) && $0.outcome == .right }
            let cost = try #require(result["gpu_seconds_per_right"] as? Double)
            #expect(abs(cost - 15 / Double(right)) < 1e-9)
            #expect(result["truncation_interval"] is [Double])
        }
    }

    /// The example's configuration has the agent and no adapter; its data sets were never published.
    @Test func summaryStandsBesideThePublishedFigures() throws {
        try withRun { run in
            let reader = try TraceReader(run: run)
            let problems = try reader.problems()
            let first = RunStatistics(
                try reader.outcomes().filter { problems[$0.task.problem.value].dataset == "first" }
            )
            let outcome = try report(["summary", run, "--reference", "--output", "csv"])
            #expect(outcome.exitCode == 0)
            let lines = outcome.output.split(separator: "\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
            // Four methods with four published cells each, and two lines of the run.
            #expect(lines.count == 1 + 16 + 2)
            #expect(lines.contains { $0.prefix(2) == ["baseline", "AIME"] && $0[7] == "0.6333" })
            #expect(lines.contains { $0.prefix(2) == ["DeepMath", "MATH500"] && $0[9] == "3532" })
            let own = try #require(lines.first { $0[1] == "first" })
            #expect(own[0] == "+ agent" && own[7] == "" && own[9] == "")
            #expect(own[4] == "\(first.majority)" && own[8] == "\(first.meanOutputTokens)")
            let table = try report(["summary", run, run, "--reference"]).output
            #expect(table.contains("majority@k  published  output tokens  published"))
            let twice = table.split(separator: "\n").first { $0.contains(" first ") }
            let words = twice?.split(separator: " ") ?? []
            #expect(words.contains("\(2 * first.problemCount)"))
        }
    }

    @Test func summaryByFieldHasOneLinePerValue() throws {
        try withRun { run in
            let lines = try report(["summary", run, "--by", "level"]).output
                .split(separator: "\n").dropFirst()
            #expect(lines.map { $0.prefix(7) } == (0..<5).map { "Level \($0)" })
        }
    }

    @Test func showPrintsTurnsAndMarksCodeOnlyWhenAsked() throws {
        try withRun { run in
            let arguments = ["show", run, "--problem", "problem-4", "--sample", "1"]
            let plain = try report(arguments)
            #expect(plain.exitCode == 0)
            #expect(plain.output.hasPrefix("problem   problem-4, algebra, Level 4\nexpected  5\n"))
            #expect(plain.output.contains("\n── tool, 4 tokens, 0.25 s, exception, 0.125 s ──\n"))
            #expect(!plain.output.contains("\u{1B}"))
            let colored = try report(arguments + ["--color", "always"])
            #expect(colored.output.contains("\u{1B}[33m29\u{1B}[0m"))
        }
    }

    @Test(arguments: ["jsonl", "reference", "trl"])
    func exportedLinesAreObjectsOfTheirLayout(format: String) throws {
        try withRun { run in
            let outcome = try report(["export", run, "--format", format, "--tokens"])
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.count == 92)
            let reader = try TraceReader(run: run)
            for (row, line) in lines.enumerated() {
                let object = try #require(
                    JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                )
                let episode = try reader.episode(EpisodeRow(row)).episode
                let said = episode.trajectory.turns.filter { $0.role != .prompt }
                    .map(\.text).joined()
                switch format {
                case "reference":
                    #expect(object["text"] as? String == said)
                    #expect(object["target"] as? String == "\(episode.task.problem.value + 1)")
                case "trl":
                    #expect(object["completion"] as? String == said)
                    #expect(object["prompt"] is String)
                default:
                    let ids = object["token_ids"] as? [Int]
                    #expect(ids == episode.trajectory.ids.map { Int($0) })
                    #expect(object["answer"] as? String == episode.grade.answer)
                }
            }
        }
    }

    @Test func exportWritesCSVToAFile() throws {
        try withRun { run in
            let file = run + "/episodes.csv"
            #expect(try report(["export", run, "--format", "csv", "-o", file]).output == "")
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.split(separator: "\n").count == 93)
            #expect(text.hasPrefix("problem,sample,status,"))
        }
    }

    @Test func comparingARunWithItselfShowsNoDifference() throws {
        try withRun { run in
            let outcome = try report(["compare", run, run + "/traces.h5"])
            #expect(outcome.exitCode == 0)
            let line = outcome.output.split(separator: "\n").first { $0.hasPrefix("accuracy") }
            let words = try #require(line).split {
                $0 == " " || $0 == "[" || $0 == "]" || $0 == ","
            }
            // Other problems might differ: the interval has a width, and the test finds nothing.
            #expect(words.count == 9 && words[5].hasPrefix("-") && words[5].dropFirst() == words[6])
            #expect(words.suffix(2) == ["1.0000", "1.0000"])
            #expect(outcome.output.contains("became right: 0\nbecame wrong: 0\n"))
            #expect(outcome.output.contains("the 3 p-values of this call"))
        }
    }

    /// Two runs, and each level with counted episodes: comparisons of three metrics, one family.
    @Test func severalComparisonsAreOneFamily() throws {
        try withRun { run in
            let reader = try TraceReader(run: run)
            let problems = try reader.problems()
            let levels = Set(
                try reader.outcomes().filter(RunStatistics.counts)
                    .map { problems[$0.task.problem.value].level }
            )
            try #require(levels.count > 1)
            let arguments = ["compare", run, run, run + "/traces.h5", "--by", "level"]
            let table = try report(arguments)
            #expect(table.exitCode == 0)
            #expect(table.output.contains("the \(levels.count * 6) p-values of this call"))
            for level in levels { #expect(table.output.contains("\npart    \(level)\n")) }
            let json = try report(arguments + ["--output", "json"])
            let list = try #require(
                JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
            )
            #expect(list.count == levels.count * 2)
            let accuracy = try #require(list[0]["accuracy"] as? [String: Any])
            #expect(accuracy["p_holm"] as? Double == 1 && accuracy["p"] as? Double == 1)
            #expect(list[0]["p_values_in_family"] as? Int == levels.count * 6)
            #expect(list[0]["first_attempts_wanted"] as? Int == 92)
        }
    }

    @Test func verifySaysWhole() throws {
        try withRun { run in
            let outcome = try report(["verify", run])
            #expect(outcome.exitCode == 0)
            #expect(outcome.output.hasPrefix("\(run): whole, 1 files, 92 episodes, "))
        }
    }

    @Test func damageIsOneLineAndStatusOne() throws {
        try withRun { run in
            let url = URL(filePath: run + "/traces.h5")
            try Data(contentsOf: url).prefix(5000).write(to: url)
            for command in [["summary"], ["verify"], ["show", "--problem", "problem-1"]] {
                let outcome = try report(command + [url.path])
                #expect(outcome.exitCode == 1, "\(command): \(outcome.output)")
                #expect(outcome.output.contains("damaged"), "\(outcome.output)")
                #expect(outcome.output.split(separator: "\n").count == 1, "\(outcome.output)")
            }
        }
    }

    @Test func aDamagedSegmentIsLeftOutAndNamed() throws {
        try withDirectory { directory in
            let made = try ParallelLaunch.run(["traces", directory, "keep"], rankCount: 0)
            try #require(made.exitCode == 0, "\(made.output)")
            let url = URL(filePath: directory + "/segments/000004.h5")
            try Data(contentsOf: url).prefix(5000).write(to: url)
            for (command, shown) in [
                (["summary"], "accuracy (average@k)"), (["export"], "\"problem\": \"problem-2\""),
                (["show", "--problem", "problem-9", "--sample", "0"], "expected  10"),
                (["html", "-o", directory + "/page.html"], "left out"),
            ] {
                let outcome = try report([command[0], directory] + command.dropFirst())
                #expect(outcome.exitCode == 1, "\(command)")
                #expect(outcome.output.contains(shown), "\(command): \(outcome.output)")
                #expect(outcome.output.contains("left out: \(url.path): damaged"))
            }
        }
    }

    @Test func aRunThatIsStillWrittenIsReadAsFarAsItIs() throws {
        try withDirectory { directory in
            let made = try ParallelLaunch.run(["traces", directory, "keep"], rankCount: 0)
            try #require(made.exitCode == 0, "\(made.output)")
            try Data("half a segment".utf8)
                .write(to: URL(filePath: directory + "/segments/000099.h5.tmp"))
            let outcome = try report(["summary", directory, "--output", "csv"])
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            #expect(try report(["verify", directory]).exitCode == 0)
        }
    }

    @Test func aFileChangedByHandIsNamedByVerify() throws {
        try withRun { run in
            let path = run + "/traces.h5"
            let file = try HDF5File(opening: path, access: .readWrite)
            let rewards = try file.openDataset("/episodes/reward")
            try rewards.write([2.0], at: 7)
            try rewards.close()
            try file.close()
            let outcome = try report(["verify", run])
            #expect(outcome.exitCode == 1)
            #expect(
                outcome.output.contains(
                    "\(path): /episodes/reward does not have the content that it was written with"
                )
            )
        }
    }

    @Test(arguments: [
        (["summary"], "Missing expected argument"), (["summary", "/nowhere"], "no such file"),
        (["sumary", "x"], "Usage"), (["summary", "/proc"], "holds neither traces.h5"),
        (["summary", "/proc/version"], "not a trace file"),
        (["show", "RUN", "--problem", "absent"], "ids here are like problem-0"),
        (["show", "RUN", "--problem", "problem-1", "--sample", "7"], "stored samples: 0 1 2 3"),
        (["show", "RUN", "--problem", "problem-1", "--sample=-1"], "--sample counts from 0"),
        (["export", "RUN", "--format", "xml"], "xml"), (["html", "RUN"], "Missing expected"),
        (["html", "RUN", "-o", "/nowhere/page.html"], "/nowhere/page.html: cannot be written"),
        (["summary", "RUN", "--by", "colour"], "colour"),
        (["replay", "RUN", "--jobs=-1"], "--jobs counts sessions"),
        (["replay", "RUN", "--set", "sandbox.absent=1"], "absent"),
        (["regrade", "RUN", "--jobs", "many"], "many"), (["verify", "/nowhere"], "no such file"),
    ])
    func whatIsWronglyAskedForHasStatusTwo(arguments: [String], message: String) throws {
        try withRun { run in
            let outcome = try report(arguments.map { $0 == "RUN" ? run : $0 })
            #expect(outcome.exitCode == 2, "\(outcome.output)")
            #expect(outcome.output.contains(message), "\(outcome.output)")
        }
    }
}
