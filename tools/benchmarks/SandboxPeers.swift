import Foundation
import Sandbox

/// The same snippets in what one would use instead: each started anew for every snippet.
///
/// Peers that are not installed are left out: bubblewrap comes from the system's packages,
/// smolagents from PyPI, by tools/bench, which names its interpreter in DEEPMATH_SMOLAGENTS_PYTHON.
struct SandboxPeers {
    let pool: SandboxPool

    private static let snippets = [
        ("1+1", "print(1+1)"),
        (
            "a sympy solve",
            "import sympy\nx = sympy.symbols('x')\nprint(sympy.solve(x**2 - 5*x + 6, x))"
        ),
        (
            "numpy",
            "import numpy as np\na = np.arange(90000.0).reshape(300, 300)\nprint(a.dot(a).sum())"
        ),
        ("a loop of 200,000", "s = 0\nfor i in range(200000):\n    s += i * i % 7\nprint(s)"),
    ]

    func figures(_ scale: Scale) async throws -> [Figure] {
        let count = scale == .quick ? 5 : 30
        let python = SandboxExperiment.python
        var peers: [(name: String, medians: [Double])] = []
        peers.append(
            ("a cold interpreter", try await medians(count) { Command([python, "-c", $0]) })
        )
        if let bubblewrap = ["/usr/bin/bwrap"].first(where: FileManager.default.isExecutableFile) {
            let words = [bubblewrap, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/"]
            let command = {
                Command(words + ["--dev", "/dev", "--proc", "/proc", python, "-c", $0])
            }
            peers.append(("bubblewrap", try await medians(count, command)))
        }
        if let smolagents = ProcessInfo.processInfo.environment["DEEPMATH_SMOLAGENTS_PYTHON"] {
            peers.append(
                ("smolagents' LocalPythonExecutor", try smolagentsMedians(smolagents, count))
            )
        }
        var figures: [Figure] = []
        for (index, (name, code)) in Self.snippets.enumerated() {
            var ours = Sample()
            for round in 0..<count {
                let result = try await ours.time {
                    let session = try await pool.openSession(seed: UInt64(round))
                    defer { Task { await session.close() } }
                    return try await session.run(code)
                }
                guard result.status == .ok else { throw Failed(output: result.output) }
            }
            for peer in peers {
                figures.append(
                    Figure(
                        "\(name) in a new session",
                        ours.median * 1e3,
                        "ms",
                        against: peer.name,
                        peer.medians[index] * 1e3
                    )
                )
            }
        }
        return figures
    }

    struct Failed: Error { let output: String }

    private func medians(_ count: Int, _ command: (String) -> Command) async throws -> [Double] {
        var medians: [Double] = []
        for (_, code) in Self.snippets {
            var sample = Sample()
            for _ in 0..<count { try await sample.time { try command(code).run() } }
            medians.append(sample.median)
        }
        return medians
    }

    private func smolagentsMedians(_ python: String, _ count: Int) throws -> [Double] {
        let snippets = try JSONEncoder().encode(Self.snippets.map(\.1))
        let words = [python, "tools/benchmarks/smolagents_baseline.py", "\(count)"]
        let output = try Command(words + [String(decoding: snippets, as: UTF8.self)]).output()
        return try JSONDecoder().decode([Double].self, from: output)
    }
}
