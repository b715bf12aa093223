import Foundation
import Testing

@testable import Sandbox

/// Starting, limiting, losing and ending the interpreter that sessions come from.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct SandboxPoolTests {
    /// A pool that starts in a fraction of a second.
    private func smallPool(
        sessionLimit: Int = 4,
        change: (inout SandboxConfiguration) -> Void = { _ in }
    ) async throws -> SandboxPool {
        try await SandboxPool.started(
            .forTests {
                $0.allowedModules = ["math", "os", "time"]
                change(&$0)
            },
            sessionLimit: sessionLimit
        )
    }

    @Test func enforcementNamesWhatIsInForce() async throws {
        let pool = try await smallPool()
        defer { pool.shutdown() }
        let enforcement = pool.enforcement
        #expect(enforcement.systemCallFilter)
        #expect(enforcement.summary.contains("seccomp"))
        #expect(enforcement.summary.hasPrefix(enforcement.isFull ? "full: " : "partial: "))
    }

    @Test func missingRequirementIsNamedWithItsRemedy() async throws {
        let error = await #expect(throws: SandboxError.self) {
            try await smallPool {
                $0.require = ["landlock"]
                $0.withoutLocks = ["landlock"]
            }
        }
        guard case .requirementMissing(let names, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(names == ["landlock"])
        #expect("\(error as Any)".contains("sandbox.require"))
    }

    @Test func unknownRequirementIsRefused() async throws {
        await #expect(throws: SandboxError.self) { try await smallPool { $0.require = ["moat"] } }
    }

    /// As a launcher would be that lost the filter on its way, unasked.
    @Test func aZygoteWithoutAFilterForItsSessionsIsNotUsed() async throws {
        let launcher = try ExecutableDirectory.path(of: "sandbox-launch")
        let script = FileManager.default.temporaryDirectory
            .appending(path: "launcher-\(UUID().uuidString.prefix(8))").path
        try writeExecutable(
            "#!/bin/sh\nexec \(launcher) --without session-filter \"$@\"\n",
            to: script
        )
        let error = await #expect(throws: SandboxError.self) {
            try await smallPool { $0.launcherPath = script }
        }
        #expect("\(error as Any)".contains("no system-call filter"))
        try FileManager.default.removeItem(atPath: script)
    }

    @Test func eachSnippetHasItsOwnCPUTime() async throws {
        let pool = try await smallPool {
            $0.snippetTimeout = .seconds(2)
            $0.wallTimeout = .seconds(60)
        }
        defer { pool.shutdown() }
        let session = try await pool.openSession(seed: 1)
        // Half a second or more each, and together more than one snippet may take.
        for _ in 0..<6 {
            let result = try await session.run("sum(i * i for i in range(8_000_000))")
            #expect(result.status == .ok, "\(result.output)")
        }
        await session.close()
    }

    @Test func missingInterpreterIsNamed() async throws {
        let error = await #expect(throws: SandboxError.self) {
            try await smallPool { $0.python = "/nonexistent/python" }
        }
        #expect("\(error as Any)".contains("/nonexistent/python"))
    }

    /// The system's own has no numpy, scipy or sympy, as a rule.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
    func anInterpreterNeedsNoLibraryThatIsNotListed() async throws {
        let pool = try await smallPool { $0.python = "/usr/bin/python3" }
        defer { pool.shutdown() }
        #expect(try await pool.last("import math\nmath.factorial(5)").output == "120\n")
    }

    @Test func moduleThatCannotBeImportedIsNamed() async throws {
        let error = await #expect(throws: SandboxError.self) {
            try await smallPool { $0.allowedModules = ["math", "no_such_module"] }
        }
        #expect("\(error as Any)".contains("no_such_module"))
    }

    @Test func missingLauncherIsNamed() async throws {
        let error = await #expect(throws: SandboxError.self) {
            try await smallPool { $0.launcherPath = "/nonexistent/sandbox-launch" }
        }
        #expect("\(error as Any)".contains("/nonexistent/sandbox-launch"))
    }

    @Test func openingWaitsForAFreePlace() async throws {
        let pool = try await smallPool(sessionLimit: 1)
        defer { pool.shutdown() }
        let first = try await pool.openSession(seed: 1)
        let waiting = Task { try await pool.openSession(seed: 2).run("1+1").output }
        let impatient = Task { try await pool.openSession(seed: 3) }
        try await Task.sleep(for: .milliseconds(50))
        impatient.cancel()
        await #expect(throws: CancellationError.self) { _ = try await impatient.value }
        await first.close()
        #expect(try await waiting.value == "2\n")
    }

    @Test func lostZygoteCostsVariablesAndNothingElse() async throws {
        let pool = try await smallPool { $0.snippetTimeout = .seconds(5) }
        defer { pool.shutdown() }
        let idle = try await pool.openSession(seed: 1)
        let busy = try await pool.openSession(seed: 2)
        _ = try await idle.run("x = 1")
        let running = Task { try await busy.run("while True: pass") }
        try await Task.sleep(for: .milliseconds(100))
        for process in pool.processes { kill(process, SIGKILL) }
        // Killed itself before, or with, its zygote; in the latter case it runs again.
        #expect(try await [.memory, .timeout].contains(running.value.status))
        let next = try await idle.run("1+1")
        #expect(next.stateLost)
        #expect(next.output.hasSuffix("2\n"))
        #expect(try await busy.run("2+2").output.hasSuffix("4\n"))
    }

    @Test func shutdownEndsSessionsAndProcesses() async throws {
        let pool = try await smallPool { $0.snippetTimeout = .seconds(100) }
        let session = try await pool.openSession(seed: 1)
        _ = try await session.run("1")
        let running = Task { try await session.run("while True: pass") }
        try await Task.sleep(for: .milliseconds(50))
        let processes = pool.processes + [pool.guardIdentifier].compactMap(\.self)
        #expect(processes.count >= 3)
        pool.shutdown()
        #expect(processes.allSatisfy { !Processes.isAlive($0) })
        await #expect(throws: SandboxError.closed) { _ = try await running.value }
        await #expect(throws: SandboxError.closed) { _ = try await pool.openSession(seed: 2) }
        await #expect(throws: SandboxError.closed) { _ = try await session.run("1") }
    }

    @Test func droppedPoolEndsItsProcesses() async throws {
        func start() async throws -> [Int32] {
            let pool = try await smallPool()
            return pool.processes + [pool.guardIdentifier].compactMap(\.self)
        }
        let processes = try await start()
        for _ in 0..<200 where processes.contains(where: Processes.isAlive) {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(processes.allSatisfy { !Processes.isAlive($0) })
    }

    @Test func sessionsRunSideBySide() async throws {
        let pool = try await smallPool(sessionLimit: 64)
        defer { pool.shutdown() }
        let outputs = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<64 {
                group.addTask { try await pool.last("x = \(number)", "x * x").output }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(outputs.count == 64)
    }

    /// Every fork finds this zygote grown; its sessions live on, new ones come from its successor.
    @Test func grownZygoteIsRenewedAndEndsWithItsLastSession() async throws {
        let pool = try await smallPool { $0.allowedGrowth = -1 }
        defer { pool.shutdown() }
        let first = try await pool.openSession(seed: 1)
        #expect(try await first.run("x = 1\nx").output == "1\n")
        // The answer may come before the zygote's word about the fork.
        for _ in 0..<100 where pool.zygoteBytes == nil {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try #require(pool.zygoteBytes) > 5 << 20)
        let guards = try #require(pool.guardIdentifier)
        let second = try await pool.openSession(seed: 2)
        #expect(try await second.run("2").output == "2\n")
        let third = try await pool.openSession(seed: 3)
        #expect(try await third.run("3").output == "3\n")
        #expect(pool.guardIdentifier != guards)
        #expect(try await first.run("x").output == "1\n")
        for session in [first, second, third] { await session.close() }
        for _ in 0..<200 where Processes.isAlive(guards) {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(!Processes.isAlive(guards))
        #expect(try await pool.last("4").output == "4\n")
    }
}
