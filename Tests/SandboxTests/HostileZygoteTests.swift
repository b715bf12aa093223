import Foundation
import Testing

@testable import Sandbox

/// A launcher that speaks the zygote's side of the protocol, and badly.
///
/// No snippet can do this: a session has no descriptor of the zygote's socket. It is what a bug, or
/// a hole in every lock at once, could make of the zygote.
private enum HostileZygote {
    /// A script in place of `sandbox-launch`: its behaviour is Python that sends notices and receives
    /// requests.
    static func script(_ behaviour: String) throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "hostile-zygote-\(UUID().uuidString)").path
        let text = """
            #!\(try #require(Place.python))
            import array, os, random, socket, struct, time
            random.seed(5)
            control = socket.socket(fileno=3)
            def notice(kind, identifier=0, value=0, extra=0, descriptor=None):
                rights = []
                if descriptor is not None:
                    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [descriptor]))]
                control.sendmsg([struct.pack('<IIQQQ', 0x444d5331, kind, identifier, value, extra)], rights)
            def request():
                data = control.recvmsg(64, 64)
                return struct.unpack('<IIQQQQ', data[0])[2] if data[0] else os._exit(0)
            \(behaviour)
            """
        try writeExecutable(text, to: path)
        return path
    }

    static func withPool<Value>(
        _ behaviour: String,
        startTimeout: Duration = .seconds(20),
        _ body: (SandboxPool) async throws -> Value
    ) async throws -> Value {
        let path = try script(behaviour)
        defer { unsafe unlink(path) }
        let pool = try await SandboxPool.started(
            .forTests(timeout: .seconds(1)) {
                $0.launcherPath = path
                $0.startTimeout = startTimeout
            },
            sessionLimit: 4
        )
        defer { pool.shutdown() }
        return try await body(pool)
    }
}

/// The zygote's own messages are checked like a session's.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct HostileZygoteTests {
    @Test func noiseInsteadOfAGreetingIsAFailureToStart() async throws {
        for size in [0, 1, 31, 32, 33, 4096] {
            await #expect(throws: SandboxError.self) {
                try await HostileZygote.withPool("control.send(random.randbytes(\(size)))") { _ in }
            }
        }
    }

    @Test func noiseInsteadOfForksGivesUpAfterABoundedNumberOfRestarts() async throws {
        let behaviour = """
            notice(2, 0, 1 << 18)
            request()
            for _ in range(50): control.send(random.randbytes(random.randrange(1, 80)))
            """
        try await HostileZygote.withPool(behaviour) { pool in
            let error = await #expect(throws: SandboxError.self) { try await pool.last("1") }
            guard case .restartsExhausted = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            // One session's end is not the pool's, until it has failed often enough in a row.
            for _ in 0..<3 where !pool.isLost { _ = try? await pool.last("1") }
            #expect(pool.isLost)
        }
    }

    /// Ends of sessions that never were, forks without a process, greetings in between.
    @Test func noticesAboutStrangersChangeNothing() async throws {
        let behaviour = """
            notice(2, 0, 1 << 18)
            while True:
                identifier = request()
                for _ in range(40):
                    kind, other = random.choice([2, 3, 4]), random.randrange(1 << 40, 1 << 60)
                    notice(kind, other, random.getrandbits(64), random.getrandbits(64))
                notice(3, identifier, 11)
            """
        try await HostileZygote.withPool(behaviour) { pool in
            for _ in 0..<20 {
                let error = await #expect(throws: SandboxError.self) { try await pool.last("1") }
                guard case .system(let call) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(call.description.contains("fork"))
            }
        }
    }

    /// A descriptor that is no process, and an answer written by whoever holds the socket.
    @Test func forkWithoutAProcessEndsWithThePool() async throws {
        let behaviour = """
            notice(2, 0, 1 << 18)
            while True: notice(3, request(), 0, 1 << 63, os.open('/dev/null', os.O_RDONLY))
            """
        try await HostileZygote.withPool(behaviour) { pool in
            let session = try await pool.openSession(seed: 1)
            let running = Task { try await session.run("1+1") }
            try await Task.sleep(for: .milliseconds(300))
            await session.close()
            pool.shutdown()
            await #expect(throws: SandboxError.self) { _ = try await running.value }
        }
    }

    @Test func zygoteThatHangsWhenItIsStartedAgainIsGivenUp() async throws {
        let flag = FileManager.default.temporaryDirectory
            .appending(path: "hostile-zygote-flag-\(UUID().uuidString)").path
        defer { unsafe unlink(flag) }
        let behaviour = """
            if os.path.exists('\(flag)'): time.sleep(1000)
            open('\(flag)', 'w').close()
            notice(2, 0, 1 << 18)
            request()
            """
        try await HostileZygote.withPool(behaviour, startTimeout: .milliseconds(400)) { pool in
            let error = await #expect(throws: SandboxError.self) { try await pool.last("1") }
            guard case .restartsExhausted = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
