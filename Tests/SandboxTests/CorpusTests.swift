import Foundation
import Testing

@testable import Sandbox

/// Mathematics and REPL semantics against the exact output of plain CPython.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct CorpusTests {
    struct BenignLine: Decodable, Sendable {
        let id: String
        let code: String
        let prelude: [String]?
        let expect: String
        let stdout: String?
        let message: String?
    }

    struct ProgramLine: Decodable, Sendable {
        let id: String
        let code: String
        let rerun_stdout: String
        let stdout_matches: Bool
    }

    @Test(.enabled(if: Place.hasCorpus("benign.jsonl"), "needs the benign corpus"), .oneAtATime)
    func benignSnippetsGiveWhatPlainPythonGives() async throws {
        let pool = try await SharedPools.shared.pool(
            "ten seconds",
            .forTests(timeout: .seconds(10))
        )
        for line in try Place.lines(of: "benign.jsonl", as: BenignLine.self) {
            let session = try await pool.openSession(seed: 1)
            for snippet in line.prelude ?? [] { _ = try await session.run(snippet) }
            let result = try await session.run(line.code)
            await session.close()
            if line.expect.hasPrefix("ok:") {
                #expect(result.status == .ok, "\(line.id): \(result.output)")
                #expect(result.output == String(line.expect.dropFirst(3)), "\(line.id)")
            } else {
                let wanted = (line.stdout ?? "", line.message ?? "")
                #expect(result.status == .exception, "\(line.id)")
                #expect(result.output.hasPrefix(wanted.0), "\(line.id): \(result.output)")
                #expect(result.output.hasSuffix(wanted.1), "\(line.id): \(result.output)")
            }
        }
    }

    /// The corpus was recorded with ten seconds of CPU on an idle machine; tests share theirs.
    @Test(
        .enabled(if: Place.hasCorpus("executor_cases.jsonl"), "needs the executor corpus"),
        .oneAtATime
    )
    func programsOfModelsPrintWhatPlainPythonPrints() async throws {
        let pool = try await SharedPools.shared.pool("corpus", .forTests(timeout: .seconds(40)))
        let lines = try Place.lines(of: "executor_cases.jsonl", as: ProgramLine.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, line) in lines.filter(\.stdout_matches).enumerated() {
                if index >= 2 { try await group.next() }
                group.addTask {
                    let result = try await pool.last(line.code)
                    #expect(result.status == .ok, "\(line.id): \(result.output)")
                    #expect(result.output == line.rerun_stdout, "\(line.id)")
                }
            }
            try await group.waitForAll()
        }
    }
}
