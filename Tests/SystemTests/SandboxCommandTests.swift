import Foundation
import Testing

@Suite(.serialized) struct SandboxCommandTests {
    struct Answer: Decodable {
        struct Result: Decodable {
            let status: String
            let output: String
            let seconds: Double
            let peak_bytes: Int
        }

        let id: String
        let results: [Result]
    }

    private func file(_ lines: [String]) throws -> String {
        let file = try Program.scratchFolder().appending(path: "sessions.jsonl")
        try Data(lines.joined(separator: "\n").utf8).write(to: file)
        return file.path
    }

    private func answers(_ text: String) throws -> [Answer] {
        try text.split(separator: "\n").map {
            try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
        }
    }

    /// Another user than the one who builds, with an interpreter of the system's own.
    @Test(.enabled(if: Self.canBecomeAnother, "needs root, and programs that others may run"))
    func anOrdinaryUserHasTheSameSandbox() throws {
        let sessions = try file([
            #"{"id": "a", "snippets": ["import math\nx = math.sqrt(16)", "x + 1"]}"#,
            #"{"id": "b", "snippets": ["open('/etc/passwd').read()", "import os\nos.fork()"]}"#,
            #"{"id": "c", "snippets": ["import socket\nsocket.socket()", "os.kill(1, 9)", "1"]}"#,
            #"{"id": "d", "code": "while True: pass"}"#,
            #"{"id": "e", "code": "bytearray(1 << 40)"}"#,
        ])
        let folder = URL(filePath: sessions).deletingLastPathComponent()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: folder.path
        )
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/setpriv")
        process.arguments =
            Self.asAnother + [
                try Program.path(of: "deepmath"), "sandbox", "--jsonl", sessions, "--set",
                "sandbox.python=\(Self.python)", "--set",
                "sandbox.modules=[math, os, socket]", "--set", "sandbox.snippet_seconds=1",
            ]
        process.currentDirectoryURL = folder
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let answers = try answers(String(decoding: text, as: UTF8.self))
        #expect(
            answers.map { $0.results.map(\.status) } == [
                ["ok", "ok"], ["exception", "exception"], ["exception", "exception", "ok"],
                ["timeout"], ["memory"],
            ]
        )
        for refused in answers.dropFirst().prefix(2).flatMap(\.results).dropLast() {
            #expect(refused.output.contains("Error:"), "\(refused.output)")
        }
    }

    private static let python = "/usr/bin/python3"
    private static let asAnother = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]

    private static var canBecomeAnother: Bool {
        guard geteuid() == 0, let program = try? Program.path(of: "deepmath") else { return false }
        let isRecent = "import sys; assert sys.version_info >= (3, 11)"
        let commands = [[program, "--version"], [python, "-c", isRecent]]
        return commands.allSatisfy { command in
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/setpriv")
            process.arguments = asAnother + command
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
    }

    /// One line for each status, in one file, with a session's variables and what it keeps.
    @Test func everyStatusIsReportedInTheOrderOfTheLines() throws {
        let outcome = try Program.run(
            "deepmath",
            [
                "sandbox", "--jobs", "3", "--set", "sandbox.snippet_seconds=2", "--jsonl",
                try file([
                    #"{"id": "slow", "code": "while True: pass"}"#,
                    #"{"id": "a", "snippets": ["x = 20\nprint('set')", "x + 1", "None"]}"#,
                    #"{"id": "b", "snippets": ["y = 1", "1/0", "y"]}"#,
                    #"{"id": "c", "code": "bytearray(1 << 40)"}"#,
                    #"{"id": "d", "code": "while True: print('x' * 1000)"}"#,
                    #"{"id": "e", "code": "import socket"}"#,
                    #"{"id": "f", "snippets": ["z = 1", "import os; os._exit(0)", "z"]}"#,
                    #"{"id": "g", "code": "x"}"#,
                ]),
            ]
        )
        #expect(outcome.status == 0, "\(outcome.end)")
        let answers = try answers(outcome.output)
        #expect(answers.map(\.id) == ["slow", "a", "b", "c", "d", "e", "f", "g"])
        let statuses = answers.map { $0.results.map(\.status) }
        #expect(
            statuses == [
                ["timeout"], ["ok", "ok", "ok"], ["ok", "exception", "ok"], ["memory"],
                ["output_limit"], ["refused"], ["ok", "died", "exception"], ["exception"],
            ]
        )
        #expect(answers[0].results[0].seconds >= 2)
        #expect(answers[1].results.map(\.output) == ["set\n", "21\n", ""])
        #expect(answers[2].results[1].output.hasSuffix("ZeroDivisionError: division by zero"))
        #expect(answers[2].results[2].output == "1\n")
        #expect(answers[4].results[0].output.utf8.count <= 16_384)
        #expect(answers[5].results[0].output.contains("numpy, operator"))
        #expect(answers[6].results[1].output.contains("variables and imports"))
        #expect(answers.allSatisfy { $0.results.allSatisfy { $0.peak_bytes >= 0 } })
        #expect(answers[1].results[0].peak_bytes > 1 << 20)
    }

    @Test func linesThatAreNoSessionAreNamedAndTheOthersRun() throws {
        let input = try file([
            #"{"id": "a", "code": "1+1"}"#, "", "no JSON", #"{"id": "b"}"#, #"{"code": "1"}"#,
            #"{"id": "c", "snippets": ["3"]}"#,
        ])
        let output = try Program.scratchFolder().appending(path: "results.jsonl")
        let outcome = try Program.run(
            "deepmath",
            ["sandbox", "--jsonl", input, "--output", output.path]
        )
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        let answers = try answers(String(contentsOf: output, encoding: .utf8))
        #expect(answers.map(\.id) == ["a", "c"])
        #expect(answers.map { $0.results[0].output } == ["2\n", "3\n"])
        for words in ["\(input):3: not a JSON object", "\(input):4: ", "\(input):5: \"id\""] {
            #expect(outcome.errors.contains(words), "\(words) in \(outcome.errors)")
        }
    }

    @Test func sectionOfTheConfigurationCounts() throws {
        let folder = try Program.scratchFolder()
        let config = folder.appending(path: "job.yaml")
        let text = """
            dataset: {path: none.jsonl}
            model: {path: none}
            sandbox: {modules: [math], snippet_seconds: 0.5, output_bytes: 128, memory_megabytes: 32}
            """
        try Data(text.utf8).write(to: config)
        let outcome = try Program.run(
            "deepmath",
            [
                "sandbox", "--config", config.path, "--jsonl",
                try file([
                    #"{"id": "a", "snippets": ["import math; math.pi", "import sympy"]}"#,
                    #"{"id": "b", "snippets": ["bytearray(40 << 20)", "'x' * 200"]}"#,
                    #"{"id": "c", "code": "while True: pass"}"#,
                ]),
            ]
        )
        #expect(outcome.status == 0, "\(outcome.end)")
        let results = try answers(outcome.output).map(\.results)
        #expect(results[0].map(\.status) == ["ok", "refused"])
        #expect(results[0][1].output.hasSuffix("Available: math"))
        #expect(results[1].map(\.status) == ["memory", "ok"])
        #expect(results[1][1].output.utf8.count <= 128)
        #expect(results[2][0].seconds < 2)
    }

    @Test func lockThatCannotBeHadKeepsItFromStarting() throws {
        let input = try file([#"{"id": "a", "code": "1"}"#])
        for (name, words) in [("moat", "moat is not known"), ("cgroup", "cgroup")] {
            let outcome = try Program.run(
                "deepmath",
                ["sandbox", "--jsonl", input, "--set", "sandbox.require=[\(name)]"]
            )
            if name == "cgroup", outcome.status == 0 { continue }  // This system has it.
            #expect(outcome.status == 1)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("sandbox.require"), "\(outcome.end)")
            #expect(outcome.errors.contains(words), "\(outcome.end)")
        }
    }
}
