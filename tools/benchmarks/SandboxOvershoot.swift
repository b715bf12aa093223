import Sandbox

/// How much more processor time than its limit a snippet gets before it is ended.
enum SandboxOvershoot {
    private static let limit = Duration.milliseconds(100)
    private static let snippets = [
        ("a Python loop", "while True: pass"), ("C code that holds the lock", "9**9**9"),
        (
            "a handler of everything",
            "while True:\n    try:\n        1/0\n    except BaseException: pass"
        ),
    ]

    static func figures(_ scale: Scale) async throws -> [Figure] {
        let pool = try SandboxPool(
            configuration: SandboxExperiment.configuration(snippetTimeout: limit),
            sessionLimit: 2
        )
        defer { pool.shutdown() }
        var figures: [Figure] = []
        for (name, code) in snippets {
            var late = Sample()
            for round in 0..<(scale == .quick ? 20 : 200) {
                let session = try await pool.openSession(seed: UInt64(round))
                _ = try await session.run("1")
                let result = try await session.run(code)
                await session.close()
                guard result.status == .timeout else { throw Wrong(status: result.status) }
                late.add(result.processorSeconds - limit / .seconds(1))
            }
            figures.append(
                Figure(
                    "overshoot of a time limit by \(name), 99th percentile",
                    late.quantile(0.99) * 1e3,
                    "ms",
                    against: "budget",
                    50,
                    .atMost(1)
                )
            )
        }
        return figures
    }

    struct Wrong: Error { let status: SnippetStatus }
}
