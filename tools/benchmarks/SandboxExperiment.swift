import Configuration
import Foundation
import Orchestration
import Sandbox

/// What a sandbox session costs, beside what one would use instead.
enum SandboxExperiment: Experiment {
    static let name = "sandbox"
    static let question = "What does a sandboxed snippet cost?"

    static let python = ".venv/bin/python"
    static let solving = "from sympy import *\nx = symbols('x')\nsolve(x**2 - 5*x + 6, x)"

    static func figures(_ scale: Scale) throws -> [Figure] {
        let cold = Command([python, "-c", "print(1)"])
        let pool = try SandboxPool(
            configuration: configuration(snippetTimeout: .seconds(10)),
            sessionLimit: 512
        )
        defer { pool.shutdown() }
        return try BlockingTask.value {
            try await SandboxLatency(pool: pool, cold: cold).figures(scale)
                + SandboxOvershoot.figures(scale)
                + SandboxDensity(pool: pool).figures(scale)
                + SandboxPeers(pool: pool).figures(scale)
        }
    }

    static func configuration(snippetTimeout: Duration) -> SandboxConfiguration {
        SandboxConfiguration(
            python: python,
            allowedModules: SandboxSection.usualModules,
            snippetTimeout: snippetTimeout
        )
    }
}

/// From nothing to a result, and from one result to the next.
struct SandboxLatency {
    let pool: SandboxPool
    let cold: Command

    func figures(_ scale: Scale) async throws -> [Figure] {
        let count = scale == .quick ? 40 : 300
        var (coldStart, coldSolve) = (Sample(), Sample())
        var (first, firstSolve, early, live) = (Sample(), Sample(), Sample(), Sample())
        for round in 0..<count {
            try await coldStart.time { try cold.run() }
            let session = try await first.time {
                let session = try await pool.openSession(seed: UInt64(round))
                try await expect("2\n", session, "1+1")
                return session
            }
            for _ in 0..<20 { try await early.time { try await expect("2\n", session, "1+1") } }
            await session.close()
            let solver = try await firstSolve.time {
                let session = try await pool.openSession(seed: UInt64(round))
                try await expect("[2, 3]\n", session, SandboxExperiment.solving)
                return session
            }
            await solver.close()
            if round % 20 == 0 {
                let words = [SandboxExperiment.python, "-c", SandboxExperiment.solving]
                try await coldSolve.time { try Command(words).run() }
            }
        }
        let session = try await pool.openSession(seed: 1)
        for _ in 0..<20 * count { try await live.time { try await expect("2\n", session, "1+1") } }
        await session.close()
        let start = coldStart.median * 1e3
        let coldName = "cold python3 -c 'print(1)'"
        return [
            Figure(
                "new session to the first 1+1, median",
                first.median * 1e3,
                "ms",
                against: coldName,
                start,
                .atMost(0.45)
            ),
            Figure(
                "new session to the first sympy solve, median",
                firstSolve.median * 1e3,
                "ms",
                against: coldName,
                start,
                .atMost(1)
            ),
            Figure(
                "the same",
                firstSolve.median * 1e3,
                "ms",
                against: "a cold interpreter that imports and solves",
                coldSolve.median * 1e3,
                .atMost(1.0 / 15)
            ),
            Figure(
                "1+1 among the first 20 snippets of a session, median",
                early.median * 1e6,
                "µs",
                against: "later in a session",
                live.median * 1e6
            ),
            Figure(
                "1+1 in a live session, median",
                live.median * 1e6,
                "µs",
                against: "budget",
                100,
                .atMost(1)
            ),
            Figure(
                "1+1 in a live session, 99th percentile",
                live.quantile(0.99) * 1e6,
                "µs",
                against: "budget",
                300,
                .atMost(1)
            ),
        ]
    }

    struct WrongAnswer: Error { let output: String }

    private func expect(_ wanted: String, _ session: SandboxSession, _ code: String) async throws {
        let output = try await session.run(code).output
        guard output == wanted else { throw WrongAnswer(output: output) }
    }
}
