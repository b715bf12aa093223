import Foundation
import Testing

/// The converter of data sets, on files of its own; nothing here needs a network.
@Suite struct FetchDatasetTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "tools/fetch-dataset").path

    private let folder: URL

    init() throws { folder = try Program.scratchFolder() }

    private func fetch(_ arguments: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Self.script] + arguments
        process.currentDirectoryURL = folder
        // Where there is a network, it must not be used.
        process.environment = ProcessInfo.processInfo.environment.merging([
            "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": folder.path,
        ]) { $1 }
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    private func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    private func object(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: folder.appending(path: name))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func aTableBecomesProblemsWithARecordOfTheirSource() throws {
        try write("q,a\n\"What, then, is 1 + 1?\",2\n", "mine.csv")
        let outcome = try fetch("mine.csv", "--field", "problem=q", "--field", "answer=a")
        #expect(outcome.status == 0, "\(outcome.output)")
        let problem = try object("benchmarks/mine.jsonl")
        #expect(problem["id"] as? String == "mine-0")
        #expect(problem["problem"] as? String == "What, then, is 1 + 1?")
        #expect(problem["answer"] as? String == "2")
        let source = try object("benchmarks/mine.source.json")
        #expect((source["files"] as? [String: String])?["mine.csv"]?.count == 64)
        #expect((source["sha256"] as? String)?.count == 64)
    }

    @Test func aBenchmarkIsReadWithItsOwnFieldsAndFilter() throws {
        try write(
            """
            {"id": "a", "question": "Q1", "answer": "B", "answer_type": "multipleChoice", \
            "category": "Math", "image": "", "raw_subject": "Algebra"}
            {"id": "b", "question": "Q2", "answer": "x", "answer_type": "exactMatch", \
            "category": "Physics", "image": ""}
            {"id": "c", "question": "Q3", "answer": "7", "answer_type": "exactMatch", \
            "category": "Math", "image": "data:image/png"}

            """,
            "rows.jsonl"
        )
        let outcome = try fetch("hle", "--from", "rows.jsonl")
        #expect(outcome.status == 0, "\(outcome.output)")
        let problem = try object("benchmarks/hle.jsonl")
        #expect(problem["problem"] as? String == "Q1")
        #expect(problem["answer_type"] as? String == "choice")
        #expect(problem["subject"] as? String == "Algebra")
    }

    @Test func anAnswerOfAnotherTypeIsNamed() throws {
        try write(#"{"id": 1, "problem": "P", "answer": "1/2"}"#, "rows.jsonl")
        let outcome = try fetch("aime25", "--from", "rows.jsonl")
        #expect(outcome.status == 1)
        #expect(
            outcome.output
                == "fetch-dataset: rows.jsonl, row 1: the answer '1/2' is not an integer from 0 to "
                + "999; mend the row, or choose another type with --answers\n"
        )
    }

    @Test func withoutNetworkItSaysWhatToDo() throws {
        let outcome = try fetch("aime25")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("math-ai/aime25: cannot be fetched"))
        #expect(outcome.output.contains("tools/fetch-dataset aime25 --from aime25"))
        #expect(outcome.output.split(separator: "\n").count == 1)
    }
}
