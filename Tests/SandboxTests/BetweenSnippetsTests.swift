import Foundation
import Glibc
import Testing

@testable import Sandbox

/// What a session's process does when it has answered.
@Suite(
    .enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"),
    .serialized
)
struct BetweenSnippetsTests {
    private static let answer = "import ctypes\nl = ctypes.CDLL(None)\nl.session_reply(0, b'', 0)\n"

    private func withSession(
        timeout: Duration = .seconds(2),
        _ body: (SandboxPool, SandboxSession) async throws -> Void
    ) async throws {
        let pool = try await SandboxPool.started(
            .forTests(timeout: timeout) { $0.allowedModules = ["ctypes", "os", "time"] },
            sessionLimit: 2
        )
        defer { pool.shutdown() }
        let session = try await pool.openSession(seed: 1)
        try await body(pool, session)
        await session.close()
    }

    /// The newest process: those of launcher and zygote were there before.
    private func process(_ pool: SandboxPool) throws -> Int32 { try #require(pool.processes.max()) }

    private func eventually(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<100 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
        return condition()
    }

    @Test func processIsStoppedUntilTheNextSnippet() async throws {
        try await withSession { pool, session in
            #expect(try await session.run("x = 20").status == .ok)
            let process = try process(pool)
            #expect(try await eventually { Processes.state(process) == "T" })
            #expect(try await session.run("x + 1").output == "21\n")
            #expect(try await eventually { Processes.state(process) == "T" })
            await session.close()
            #expect(try await eventually { !Processes.isAlive(process) })
        }
    }

    @Test func quickSnippetsOneAfterTheOtherFindTheProcessAwake() async throws {
        try await withSession { _, session in
            for number in 0..<500 {
                let result = try await session.run("\(number)")
                #expect(result.output == "\(number)\n")
            }
        }
    }

    /// Whatever it intends to do later, for example after the last look at it.
    @Test(arguments: ["", "import time\ntime.sleep(0.003)\n"])
    func processThatGoesOnComputingIsStopped(delay: String) async throws {
        try await withSession { pool, session in
            #expect(try await session.run(Self.answer + delay + "while True: pass").status == .ok)
            let process = try process(pool)
            #expect(try await eventually { Processes.state(process) == "T" })
            let before = try #require(Processes.cpuTime(process))
            try await Task.sleep(for: .milliseconds(300))
            #expect(Processes.cpuTime(process) == before)
            #expect(before < 0.2)
        }
    }

    /// It is answered by nothing, and pays for what it does itself.
    @Test func whatIsDoneAfterAnAnswerIsTheNextSnippetsTime() async throws {
        try await withSession(timeout: .milliseconds(300)) { _, session in
            #expect(try await session.run(Self.answer + "while True: pass").status == .ok)
            let next = try await session.run("'mine'")
            #expect(next.status == .timeout)
            #expect(try await session.run("'mine'").output.hasSuffix("'mine'\n"))
        }
    }

    @Test func stoppedSessionsEndWithTheirZygote() async throws {
        try await withSession { pool, session in
            _ = try await session.run("x = 1")
            let process = try process(pool)
            #expect(try await eventually { Processes.state(process) == "T" })
            kill(try #require(Processes.parent(of: process)), SIGKILL)
            #expect(try await eventually { !Processes.isAlive(process) })
            #expect(try await session.run("1+1").stateLost)
        }
    }

    /// Printed while the next snippet is on its way: it has not been read, so it did not print it.
    @Test func outputBeforeTheSnippetHasBeenReadEndsTheProcess() async throws {
        try await withSession { _, session in
            let early =
                Self.answer
                + "import os, time\ntime.sleep(0.05)\nos.write(1, b'LATE')\ntime.sleep(30)"
            #expect(try await session.run(early).status == .ok)
            let second = try await session.run("print('second')")
            #expect(second.status == .died)
            #expect(second.output.contains("result channel"))
            #expect(try await session.run("print('third')").output == "third\n")
        }
    }
}
