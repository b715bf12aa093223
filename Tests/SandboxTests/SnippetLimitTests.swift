import Foundation
import Testing

@testable import Sandbox

/// What one snippet may take: processor time, time on the wall clock, memory.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct SnippetLimitTests {
    private func pool(
        _ name: String,
        _ change: (inout SandboxConfiguration) -> Void
    ) async throws -> SandboxPool {
        try await SharedPools.shared.pool(name, .forTests(change: change))
    }

    private static let work = "n = 0\nfor i in range(%d): n += i * i\nn"

    /// Three fifths of the limit, beside four processes that compute all the time.
    @Test(.oneAtATime) func heavySnippetGivesTheSameBesideFourBusyProcesses() async throws {
        let pool = try await pool("two seconds") {
            $0.snippetTimeout = .seconds(2)
            $0.wallTimeout = .seconds(12)
        }
        func run(_ count: Int) async throws -> SnippetResult {
            try await pool.last("1", Self.work.replacing("%d", with: "\(count)"))
        }
        let trial = try await run(2_000_000)
        let count = Int(2_000_000 * 1.2 / trial.processorSeconds)
        let alone = try await run(count)
        let busy = (0..<4).map { _ in Process() }
        for process in busy {
            process.executableURL = URL(filePath: try #require(Place.python))
            // Ends by itself, should the tests be killed.
            process.arguments = ["-c", "import time\nwhile time.process_time() < 20: pass"]
            try process.run()
        }
        defer { for process in busy { kill(process.processIdentifier, SIGKILL) } }
        let beside = try await run(count)
        #expect(alone.status == .ok)
        #expect(beside.status == .ok, "\(beside.output)")
        #expect(beside.output == alone.output)
        #expect(beside.seconds > beside.processorSeconds)
        #expect(abs(beside.processorSeconds - alone.processorSeconds) < 0.6)
        // What computes too long is ended for it, and not for how long it waited.
        let endless = try await pool.last("while True: pass")
        #expect(
            endless.output.hasPrefix("TimeoutError: the snippet took longer than 2 s of processor")
        )
        #expect((2...2.05).contains(endless.processorSeconds), "\(endless.processorSeconds)")
    }

    @Test func processorTimeIsCountedForEachSnippetAlone() async throws {
        let pool = try await pool("one second") { $0.snippetTimeout = .seconds(1) }
        let session = try await pool.openSession(seed: 1)
        let trial = try await session.run(Self.work.replacing("%d", with: "1_000_000"))
        // Four of two fifths of the limit are more than the limit together.
        let count = Int(1_000_000 * 0.4 / trial.processorSeconds)
        for _ in 0..<4 {
            let result = try await session.run(Self.work.replacing("%d", with: "\(count)"))
            #expect(result.status == .ok, "\(result.output)")
            #expect((0.1..<1).contains(result.processorSeconds))
        }
        #expect(try await session.run("1").processorSeconds < 0.01)
        await session.close()
    }

    @Test func sleepingCostsNoProcessorTimeAndEndsAtTheWallLimit() async throws {
        let pool = try await pool("half a second, and two") {
            $0.snippetTimeout = .milliseconds(500)
            $0.wallTimeout = .seconds(2)
        }
        let short = try await pool.last("import time; time.sleep(1); print('awake')")
        #expect(short.output == "awake\n")
        #expect(short.processorSeconds < 0.2)
        let long = try await pool.last("import time; time.sleep(1e6)")
        #expect(long.status == .timeout)
        #expect(
            long.output.hasPrefix("TimeoutError: the snippet took longer than 2 s and was stopped.")
        )
        #expect((2..<2.5).contains(long.seconds))
    }

    // MARK: Memory

    /// Writes to every page of the zygote's objects that it finds.
    private static let unshare = """
        import gc
        gc.unfreeze()
        gc.collect()
        kept = gc.get_objects()

        """

    /// All of it counts: what was shared and is written to, and what is new.
    @Test(.enabled(if: getuid() == 0, "only root may look into processes that cannot be dumped"))
    func writtenPagesOfTheZygoteCount() async throws {
        for limit in [96, 1024] {
            let pool = try await pool("memory of \(limit)") {
                $0.memoryLimitBytes = limit << 20
                $0.allowedModules += ["ctypes"]
            }
            let session = try await pool.openSession(seed: 1)
            _ = try await session.run(Self.unshare)
            let result = try await session.run(
                """
                parts = []
                try:
                    while True: parts.append(bytearray(b'x') * (1 << 20))
                except MemoryError: pass
                len(parts)
                """
            )
            let sizes = pool.processes.compactMap { ProcessFiles.privateBytes(of: $0) }
            let largest = try #require(sizes.max())
            if result.status == .ok {
                #expect(largest <= limit << 20, "\(largest >> 20) MiB of \(limit)")
                #expect(largest > limit << 19, "\(largest >> 20) MiB of \(limit)")
            } else {
                #expect(result.status == .memory, "\(result.output)")
            }
            await session.close()
        }
    }

    @Test func constantsOfLibrariesCountOnceTheyCanBeWrittenTo() async throws {
        let pool = try await pool("memory of 64, ctypes") {
            $0.memoryLimitBytes = 64 << 20
            $0.allowedModules += ["ctypes"]
        }
        // A mapping that is not writable costs nothing until it is made so.
        let result = try await pool.last(
            """
            import ctypes
            l = ctypes.CDLL(None, use_errno=True)
            l.syscall.restype = ctypes.c_long
            call = lambda *a: l.syscall(*[ctypes.c_long(x) for x in a])
            made = 0
            parts = []
            for _ in range(64):
                part = call(9, 0, 1 << 20, 1, 0x22, -1, 0)
                if part > 0 and call(10, part, 1 << 20, 3) == 0: made += 1
            print(made < 60, made > 20)
            """
        )
        #expect(result.output == "True True\n")
    }
}
