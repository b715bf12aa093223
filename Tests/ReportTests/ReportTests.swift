import Foundation
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
            #expect(outcome.output == ResultTable([result]).text())
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
            #expect(outcome.output.contains("[0.00, 0.00]  1.0000"))
            #expect(outcome.output.contains("became right: 0\nbecame wrong: 0\n"))
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
            let outcome = try report(["summary", directory])
            #expect(outcome.exitCode == 1)
            #expect(outcome.output.contains("accuracy (average@k)"))
            #expect(outcome.output.contains("left out: \(url.path): damaged"))
        }
    }

    @Test(arguments: [
        (["summary"], "Missing expected argument"), (["summary", "/nowhere"], "no such file"),
        (["sumary", "x"], "Usage"), (["summary", "/proc"], "holds neither traces.h5"),
        (["summary", "/proc/version"], "not a trace file"),
        (["show", "RUN", "--problem", "absent"], "ids here are like problem-0"),
        (["show", "RUN", "--problem", "problem-1", "--sample", "7"], "stored samples: 0 1 2 3"),
        (["show", "RUN", "--problem", "problem-1", "--sample=-1"], "--sample counts from 0"),
        (["export", "RUN", "--format", "xml"], "xml"),
    ])
    func whatIsWronglyAskedForHasStatusTwo(arguments: [String], message: String) throws {
        try withRun { run in
            let outcome = try report(arguments.map { $0 == "RUN" ? run : $0 })
            #expect(outcome.exitCode == 2, "\(outcome.output)")
            #expect(outcome.output.contains(message), "\(outcome.output)")
        }
    }

    /// The packed example run, made once.
    private static let example = Result {
        try withDirectory { directory in
            let outcome = try ParallelLaunch.run(["traces", directory, "pack"], rankCount: 0)
            try #require(outcome.exitCode == 0, "\(outcome.output)")
            return try Data(contentsOf: URL(filePath: directory + "/traces.h5"))
        }
    }

    /// Lends a copy of the packed example run.
    private func withRun(_ body: (String) throws -> Void) throws {
        try withDirectory { directory in
            try Self.example.get().write(to: URL(filePath: directory + "/traces.h5"))
            try body(directory)
        }
    }

    private func report(_ arguments: [String]) throws -> (exitCode: Int32, output: String) {
        let process = Process()
        process.executableURL = try ParallelLaunch.folder().appending(path: "deepmath-report")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
