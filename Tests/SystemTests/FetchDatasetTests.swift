import Foundation
import Testing

/// The converter of data sets, on files of its own and on a stand-in for Hugging Face; nothing here needs a
/// network.
@Suite struct FetchDatasetTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "tools/fetch-dataset").path

    private let folder: URL

    init() throws { folder = try Program.scratchFolder() }

    private func fetch(
        _ arguments: String...,
        from endpoint: String = "http://127.0.0.1:9"
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Self.script] + arguments
        process.currentDirectoryURL = folder
        // Where there is a network, it must not be used.
        process.environment = ProcessInfo.processInfo.environment.merging([
            "HF_ENDPOINT": endpoint, "HF_HOME": folder.path,
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

    @Test func aBenchmarkIsDownloadedWithItsRevision() throws {
        try withHub { endpoint in
            let outcome = try fetch("aime25", from: endpoint)
            #expect(outcome.status == 0)
            let revision = String(repeating: "c", count: 40)
            #expect(
                outcome.output
                    == "benchmarks/aime25.jsonl: 30 problems, revision \(revision)\n"
            )
            let source = try object("benchmarks/aime25.source.json")
            #expect(source["repository"] as? String == "math-ai/aime25")
            #expect(source["revision"] as? String == revision)
            #expect(Array((source["files"] as? [String: String] ?? [:]).keys) == ["test.jsonl"])
        }
    }

    @Test func aGatedBenchmarkSaysThatItsConditionsAreToBeAccepted() throws {
        try withHub { endpoint in
            let outcome = try fetch("hle", from: endpoint)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("accept its conditions on its page"))
            #expect(outcome.output.split(separator: "\n").count == 1)
        }
    }

    /// Runs `body` beside a server on the loopback that answers as Hugging Face does: one data set, and one
    /// that is gated.
    private func withHub(_ body: (_ endpoint: String) throws -> Void) throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.hub]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            // SIGTERM is blocked in what test processes start.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let port = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        try body("http://127.0.0.1:\(port.trimmingCharacters(in: .whitespacesAndNewlines))")
    }

    private static let hub = """
        import http.server, json

        REPOSITORY, REVISION = "math-ai/aime25", "c" * 40
        ROWS = [{"problem": f"What is {n}?", "answer": str(n)} for n in range(30)]
        FACTS = {"id": REPOSITORY, "sha": REVISION,
                 "siblings": [{"rfilename": "README.md"}, {"rfilename": "test.jsonl"}]}

        class Hub(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                status, headers, body = 404, {}, b""
                if self.path.startswith(f"/api/datasets/{REPOSITORY}"):
                    status, body = 200, json.dumps(FACTS).encode()
                elif self.path.startswith("/api/datasets/cais/hle"):
                    status, headers = 401, {"X-Error-Code": "GatedRepo"}
                elif self.path == f"/datasets/{REPOSITORY}/resolve/{REVISION}/test.jsonl":
                    status, headers = 200, {"ETag": '"' + "e" * 40 + '"', "X-Repo-Commit": REVISION}
                    body = "".join(json.dumps(row) + chr(10) for row in ROWS).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
        print(server.server_port, flush=True)
        server.serve_forever()
        """
}
