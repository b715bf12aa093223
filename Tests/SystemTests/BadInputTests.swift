import Foundation
import Testing

/// Bad input gets one clear line and a quick, non-zero exit of every rank; nothing is written over.
@Suite(.serialized) struct BadInputTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        /// Words that the one line must hold: what, where, how to mend.
        let words: [String]
        var overrides: [String] = []
        var config: String?
        var problems: Data?
        var environment: [String: String] = [:]
        var testDescription: String { name }
    }

    private static let demo = """
        dataset: {path: configs/demo/problems.jsonl}
        model: {path: configs/demo/model}
        agent: {prompt: configs/prompts/demo-agent.txt, turn_tokens: 256, output_tokens: 1024}

        """

    static let cases: [Case] = [
        Case(
            name: "unknown key",
            words: ["config.yaml:2", "run.sample", "samples"],
            config: "run:\n  sample: 3\n" + demo
        ),
        Case(
            name: "wrong type",
            words: ["config.yaml:2", "run.samples", "number"],
            config: "run:\n  samples: many\n" + demo
        ),
        Case(
            name: "out of range",
            words: ["sampling.temperature"],
            overrides: ["sampling.temperature=9"]
        ),
        Case(
            name: "missing problem file",
            words: ["nowhere.jsonl", "dataset.path"],
            overrides: ["dataset.path=nowhere.jsonl"]
        ),
        Case(name: "empty problem file", words: ["problems.jsonl", "empty"], problems: Data()),
        Case(
            name: "not UTF-8",
            words: ["problems.jsonl", "UTF-8"],
            problems: Data([0x7b, 0xff, 0xfe, 0x7d, 0x0a])
        ),
        Case(
            name: "broken line",
            words: ["problems.jsonl:2"],
            problems: Data(#"{"id":"a","problem":"1?","answer":"1"}\#n{"id":"b", \#n"#.utf8)
        ),
        Case(
            name: "duplicate id",
            words: ["problems.jsonl:2", "\"a\""],
            problems: Data(
                #"{"id":"a","problem":"1?","answer":"1"}\#n{"id":"a","problem":"2?","answer":"2"}\#n"#
                    .utf8
            )
        ),
        Case(
            name: "missing field",
            words: ["problems.jsonl:1", "answer"],
            problems: Data(#"{"id":"a","problem":"1?"}\#n"#.utf8)
        ),
        Case(
            name: "model path that does not exist",
            words: ["configs/demo/no-model", "model.path"],
            overrides: ["model.path=configs/demo/no-model"]
        ),
        Case(
            name: "Python without math-verify",
            words: ["math-verify", "pip install"],
            overrides: ["grading.python=/usr/bin/python3"]
        ),
        Case(
            name: "fewer GPUs than ranks",
            words: ["2 workers", "1 in sight", "tensor_parallel"],
            environment: ["CUDA_VISIBLE_DEVICES": "0"]
        ),
    ]

    @Test(arguments: cases)
    func getsOneClearLineAndEndsQuickly(_ bad: Case) throws {
        let folder = try Program.scratchFolder()
        let config = folder.appending(path: "config.yaml")
        try Data((bad.config ?? Self.demo).utf8).write(to: config)
        var overrides = bad.overrides
        if let problems = bad.problems {
            let file = folder.appending(path: "problems.jsonl")
            try problems.write(to: file)
            overrides.append("dataset.path=\(file.path)")
        }
        let program = try Program(
            "deepmath",
            ["eval", "--config", config.path, "--run", folder.appending(path: "run").path]
                + overrides.flatMap { ["--set", $0] },
            rankCount: 3,
            environment: bad.environment
        )
        let outcome = try program.finish()
        #expect(outcome.status != 0)
        #expect(outcome.seconds < 30)
        let said = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("deepmath: ") }
        #expect(
            said.contains { line in bad.words.allSatisfy { line.contains($0) } },
            "\(outcome.end)"
        )
        #expect(try program.survivors(after: 5).isEmpty)
    }

    @Test func anotherConfigurationsRunDirectoryIsRefusedWithTheDifference() throws {
        let folder = try Program.scratchFolder()
        let run = folder.appending(path: "run").path
        let config = folder.appending(path: "config.yaml")
        try Data(Self.demo.utf8).write(to: config)
        // The first job makes the directory and then fails for want of a grader.
        _ = try Program.run(
            "deepmath",
            [
                "eval", "--config", config.path, "--run", run, "--set",
                "grading.python=/usr/bin/python3",
            ]
        )
        let kept = try Data(contentsOf: URL(filePath: run + "/config.yaml"))
        let outcome = try Program.run(
            "deepmath",
            ["eval", "--config", config.path, "--run", run, "--set", "sampling.temperature=0.1"]
        )
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("sampling.temperature"))
        #expect(outcome.errors.contains("another configuration"))
        #expect(try Data(contentsOf: URL(filePath: run + "/config.yaml")) == kept)
    }

    @Test func aRunDirectoryThatCannotBeMadeIsNamed() throws {
        let folder = try Program.scratchFolder()
        let config = folder.appending(path: "config.yaml")
        try Data(Self.demo.utf8).write(to: config)
        let file = folder.appending(path: "file")
        try Data("keep".utf8).write(to: file)
        let outcome = try Program.run(
            "deepmath",
            ["eval", "--config", config.path, "--run", file.path + "/run"],
            rankCount: 2
        )
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains(file.path) && outcome.errors.contains("--run"))
        #expect(try String(contentsOf: file, encoding: .utf8) == "keep")

        let colon = folder.path + "/2026-11-23T10:00"
        let refused = try Program.run(
            "deepmath",
            ["eval", "--config", config.path, "--run", colon],
            rankCount: 2
        )
        #expect(refused.status != 0)
        #expect(refused.errors.contains("\(colon): ") && refused.errors.contains("before a ':'"))
        #expect(!FileManager.default.fileExists(atPath: colon))
    }

    /// What a run directory may hold after a bad copy: one line with the path, no Foundation error.
    @Test(arguments: [
        ("prompt.txt", "bytes"), ("prompt.txt", "directory"), ("prompt.txt", "nothing"),
        ("config.yaml", "directory"), ("traces.h5", "directory"), ("traces.h5", "bytes"),
        ("segments", "bytes"), ("steps", "bytes"),
    ])
    func aDamagedPartOfARunIsNamedInOneLine(name: String, kind: String) throws {
        let folder = try Program.scratchFolder()
        let run = folder.appending(path: "run")
        let config = folder.appending(path: "config.yaml")
        try Data(Self.demo.utf8).write(to: config)
        let command = [
            "eval", "--config", config.path, "--run", run.path, "--set",
            "grading.python=/usr/bin/python3",
        ]
        // The first job makes the directory and then fails for want of a grader.
        _ = try Program.run("deepmath", command)
        let path = run.appending(path: name)
        if FileManager.default.fileExists(atPath: path.path) {
            try FileManager.default.removeItem(at: path)
        }
        switch kind {
        case "bytes": try Data([0x7b, 0xff, 0xfe, 0x0a]).write(to: path)
        case "directory":
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        default: break
        }
        let outcome = try Program.run("deepmath", command)
        #expect(outcome.status != 0)
        let said = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("deepmath: ") }
        #expect(said.contains { $0.contains(path.path) }, "\(outcome.end)")
        #expect(!outcome.errors.contains("NSCocoa") && !outcome.errors.contains("Error Domain"))
    }

    @Test func aRunDirectoryThatMovesAwayIsNamed() throws {
        let run = try ScriptedRun(problemCount: 60, sampleCount: 4, firstTokenSeconds: 0.5)
        let job = try run.start(rankCount: 2)
        let segments = run.directory + "/segments/000002.h5"
        #expect(try job.wait(upTo: 60) { FileManager.default.fileExists(atPath: segments) })
        try FileManager.default.moveItem(atPath: run.directory, toPath: run.directory + "-moved")
        let outcome = try job.finish()
        #expect(outcome.status != 0)
        let said = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("deepmath: ") }
        #expect(
            said.contains { $0.contains(run.directory) && $0.contains("moved or deleted") },
            "\(outcome.end)"
        )
        #expect(!outcome.errors.contains("NSCocoa") && !outcome.errors.contains("Error Domain"))
    }
}
