import Foundation
import Testing

@testable import Sandbox

@Suite struct GuardedProcessTests {
    private func shell(_ script: String, grace: Duration = .seconds(2), pipes: Bool = false)
        throws -> GuardedProcess
    {
        try GuardedProcess(
            .init(
                executable: "/bin/sh",
                arguments: ["-c", script],
                environment: ["PATH": "/usr/bin:/bin"],
                pipes: pipes,
                grace: grace
            )
        )
    }

    private func ended(_ process: GuardedProcess, within limit: Duration = .seconds(10))
        async throws
        -> ProcessExit?
    {
        let deadline = ContinuousClock.now + limit
        while process.exitStatus() == nil, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
        return process.exitStatus()
    }

    /// Whether a process exists and is not just waiting to be reaped.
    private func isAlive(_ identifier: Int) -> Bool {
        guard
            let text = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8),
            let state = text.split(separator: ")").last?.split(separator: " ").first
        else { return false }
        return state != "Z" && state != "X"
    }

    private func line(_ process: GuardedProcess) async throws -> String {
        let line = try await process.standardOutput?.readLine(
            limit: 1000,
            deadline: .now + .seconds(60)
        )
        return try #require(line)
    }

    @Test func exitStatusIsTheProgramsOwn() async throws {
        #expect(try await ended(shell("exit 7")) == .exited(7))
    }

    @Test func deathBySignalIsReportedAsSuch() async throws {
        #expect(try await ended(shell("kill -USR2 $$")) == .signaled(SIGUSR2))
    }

    @Test func theSignalThatAsksARankToStopDoesNotReachItsPrograms() async throws {
        let process = try shell("kill -USR1 $$ $PPID; sh -c 'kill -USR1 $$; exit 7'")
        #expect(try await ended(process) == .exited(7))
    }

    @Test func aNiceProgramGivesWayToTheOthers() async throws {
        let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        let process = try GuardedProcess(
            .init(executable: "/bin/sh", arguments: ["-c", "exit $(nice)"], niceness: 5)
        )
        #expect(try await ended(process) == .exited(min(19, own + 5)))
    }

    @Test func missingProgramEndsWithStatus127() async throws {
        let process = try GuardedProcess(
            .init(executable: "/nonexistent/program", environment: [:], logPath: "/dev/null")
        )
        #expect(try await ended(process) == .exited(127))
    }

    @Test func environmentIsExactlyTheGivenOne() async throws {
        let process = try GuardedProcess(
            .init(
                executable: "/usr/bin/env",
                environment: ["ONLY": "this"],
                pipes: true
            )
        )
        #expect(try await line(process) == "ONLY=this")
        let end = try await process.standardOutput?.readLine(
            limit: 100,
            deadline: .now + .seconds(60)
        )
        #expect(end == nil)
    }

    @Test func linesGoInAndOut() async throws {
        let process = try shell("while read line; do echo \"got $line\"; done", pipes: true)
        for number in 0..<100 {
            try await process.standardInput?.write(Array("line \(number)\n".utf8))
            #expect(try await line(process) == "got line \(number)")
        }
        process.standardInput?.close()
        #expect(try await ended(process) == .exited(0))
    }

    @Test func programGetsNoDescriptorButItsOwn() async throws {
        let process = try shell("ls /proc/self/fd | tr '\\n' ' '; echo", pipes: true)
        // `ls` itself has the directory open as 3.
        #expect(try await line(process) == "0 1 2 3 ")
    }

    @Test func waitingForALineEndsAtItsDeadline() async throws {
        let process = try shell("sleep 60", pipes: true)
        let started = ContinuousClock.now
        await #expect(throws: SandboxError.lineTimedOut) {
            _ = try await process.standardOutput?.readLine(
                limit: 100,
                deadline: .now + .milliseconds(50)
            )
        }
        #expect(ContinuousClock.now - started < .seconds(30))
        process.stop(grace: .zero)
    }

    @Test func waitingForALineIsCancellable() async throws {
        let process = try shell("sleep 60", pipes: true)
        let reader = Task {
            try await process.standardOutput?.readLine(limit: 100, deadline: .now + .seconds(50))
        }
        try await Task.sleep(for: .milliseconds(20))
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
        process.stop(grace: .zero)
    }

    @Test func endlessLineIsRefused() async throws {
        let process = try shell("yes | tr -d '\\n'", pipes: true)
        await #expect(throws: SandboxError.lineTooLong(limit: 1000)) {
            _ = try await process.standardOutput?.readLine(
                limit: 1000,
                deadline: .now + .seconds(60)
            )
        }
        process.stop(grace: .zero)
    }

    @Test func writingToAChildThatIsGoneThrows() async throws {
        let process = try shell("exit 0", pipes: true)
        _ = try await ended(process)
        await #expect(throws: SystemCallError.self) {
            // A child that a test beside this one starts may hold the other end open for a moment.
            for _ in 0..<500 {
                try await process.standardInput?.write(Array("hello\n".utf8))
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    @Test func stopEndsAGrandchildThatIgnoresSIGTERMInAnotherSession() async throws {
        let script = """
            setsid sh -c 'trap "" TERM HUP; echo $$; while :; do sleep 1; done' &
            wait
            """
        let process = try shell(script, grace: .milliseconds(200), pipes: true)
        let grandchild = try #require(Int(try await line(process)))
        #expect(isAlive(grandchild))
        process.stop()
        #expect(process.exitStatus() != nil)
        #expect(!isAlive(grandchild))
    }

    @Test func whatTheProgramLeavesBehindIsEnded() async throws {
        let process = try shell(
            "setsid sleep 600 & echo $!; exit 3",
            grace: .milliseconds(300),
            pipes: true
        )
        let orphan = try #require(Int(try await line(process)))
        #expect(try await ended(process) == .exited(3))
        #expect(!isAlive(orphan))
    }

    private func startedAndDropped() async throws -> (child: Int, guardIdentifier: Int32) {
        let process = try shell("echo $$; sleep 600", grace: .milliseconds(100), pipes: true)
        let child = try #require(Int(try await line(process)))
        return (child, process.identifier)
    }

    @Test func droppingTheHandleEndsTheTree() async throws {
        // In a function of its own: an unoptimized build keeps a local variable to its scope's end.
        let (child, guardIdentifier) = try await startedAndDropped()
        let deadline = ContinuousClock.now + .seconds(60)
        // Ended and reaped, not only ended.
        let guardFiles = "/proc/\(guardIdentifier)"
        while isAlive(child) || FileManager.default.fileExists(atPath: guardFiles),
            ContinuousClock.now < deadline
        {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(!isAlive(child))
        #expect(!FileManager.default.fileExists(atPath: guardFiles))
    }

    @Test func programThatEndsOnSIGTERMIsNotWaitedForInVain() async throws {
        let process = try shell(
            "trap 'exit 5' TERM; echo up; while :; do sleep 0.05; done",
            grace: .seconds(120),
            pipes: true
        )
        _ = try await line(process)
        let started = ContinuousClock.now
        await process.stopAsync()
        #expect(process.exitStatus() == .exited(5))
        #expect(ContinuousClock.now - started < .seconds(60))
    }

    @Test func threadThatStartedTheGuardMayEnd() async throws {
        final class Box: @unchecked Sendable { var process: GuardedProcess? }
        let box = Box()
        let thread = Thread { box.process = try? shell("sleep 600") }
        thread.start()
        while !thread.isFinished { try await Task.sleep(for: .milliseconds(5)) }
        try await Task.sleep(for: .milliseconds(200))
        let process = try #require(box.process)
        #expect(process.exitStatus() == nil)
        process.stop(grace: .zero)
        #expect(process.exitStatus() != nil)
    }
}
