import Foundation
import Testing

@testable import Sandbox

/// Two runs of the same session are equal, down to addresses; another seed gives other numbers.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct DeterminismTests {
    static let snippets = [
        "import random, os, uuid, secrets, numpy as np, sympy",
        "print(random.random(), os.urandom(8).hex(), uuid.uuid4(), uuid.uuid1(), secrets.token_hex(4))",
        "print(np.random.rand(), np.random.default_rng().random(), sympy.core.random.random())",
        "import time, datetime\nprint(time.time(), time.perf_counter(), time.monotonic(), time.ctime())",
        "print(datetime.datetime.now(), time.localtime().tm_zone, time.process_time(), os.getpid())",
        "print(object(), hash('word'), list({'a', 'b', 'c', 'word'}), id([]))",
        "import tempfile", "print(sorted(os.environ), os.cpu_count() is not None)",
    ]

    private func transcript(_ pool: SandboxPool, seed: UInt64) async throws -> [String] {
        let session = try await pool.openSession(seed: seed)
        var outputs: [String] = []
        for snippet in Self.snippets { outputs.append(try await session.run(snippet).output) }
        await session.close()
        return outputs
    }

    @Test func sessionsRepeatWithinAndAcrossPools() async throws {
        let pool = try await SharedPools.standard()
        let first = try await transcript(pool, seed: 11)
        for _ in 0..<5 { #expect(try await transcript(pool, seed: 11) == first) }
        let another = try await SandboxPool.started(.forTests(), sessionLimit: 3)
        #expect(try await transcript(another, seed: 11) == first)
        another.shutdown()
    }

    @Test func anotherSeedGivesOtherNumbers() async throws {
        let pool = try await SharedPools.standard()
        let one = try await transcript(pool, seed: 1)
        let two = try await transcript(pool, seed: 2)
        #expect(one[1] != two[1])
        #expect(one[2] != two[2])
        #expect(one[3] == two[3])
    }

    @Test func freshInterpreterOfASessionDoesNotRepeatTheFirstOnesNumbers() async throws {
        let results = try await SharedPools.standard().run(
            "import random; print(random.random())",
            "import os; os._exit(1)",
            "import random; print(random.random())"
        )
        #expect(results[0].output != results[2].output)
    }

    @Test func waitingForAClockEnds() async throws {
        let result = try await SharedPools.standard().last(
            "import time\nt = time.time()\nwhile time.time() - t < 1: pass\nprint(time.time() - t > 1)"
        )
        #expect(result.output == "True\n")
    }

    @Test func sleepTakesRealTimeAndMovesTheClock() async throws {
        let result = try await SharedPools.standard().last(
            "import time\nt = time.time()\ntime.sleep(0.2)\nprint(0.2 <= time.time() - t < 0.21)"
        )
        #expect(result.output == "True\n")
        #expect(result.seconds >= 0.2)
    }
}
