import Foundation
import Sandbox

/// Complete sessions in a second, and what those that wait cost in memory.
struct SandboxDensity {
    let pool: SandboxPool

    func figures(_ scale: Scale) async throws -> [Figure] {
        try await [rate(sessions: scale == .quick ? 400 : 4_000)] + memory(sessionCount: 512)
    }

    /// Fork, locks, one snippet, the end and its reaping, again and again on every core.
    private func rate(sessions: Int) async throws -> Figure {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let pool = pool
        var time = Sample()
        try await time.time {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<2 * cores {
                    group.addTask {
                        for number in stride(from: lane, to: sessions, by: 2 * cores) {
                            let session = try await pool.openSession(seed: UInt64(number))
                            _ = try await session.run("1+1")
                            await session.close()
                        }
                    }
                }
                try await group.waitForAll()
            }
            while !ProcessTree().sessions.isEmpty {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        return Figure(
            "complete sessions per second and core",
            Double(sessions) / time.median / Double(cores),
            "1/s",
            against: "budget",
            200,
            .atLeast(1)
        )
    }

    private func memory(sessionCount: Int) async throws -> [Figure] {
        var sessions: [SandboxSession] = []
        for number in 0..<sessionCount {
            let session = try await pool.openSession(seed: UInt64(number))
            _ = try await session.run("1")
            sessions.append(session)
        }
        let tree = ProcessTree()
        let own = tree.sessions.compactMap {
            ProcessTree.mappedBytes($0.identifier, ["Private_Clean:", "Private_Dirty:"])
        }
        let all = tree.descendants.compactMap { ProcessTree.mappedBytes($0.identifier, ["Pss:"]) }
        for session in sessions { await session.close() }
        // Only root may look into processes that cannot be dumped.
        guard own.count == sessionCount, all.count == tree.descendants.count else { return [] }
        return [
            Figure(
                "memory of an idle session's own, mean of \(sessionCount)",
                Double(own.reduce(0, +)) / Double(sessionCount) / 1e6,
                "MB",
                against: "budget",
                2,
                .atMost(1)
            ),
            Figure(
                "memory of \(sessionCount) live sessions and the zygote",
                Double(all.reduce(0, +)) / 1e6,
                "MB",
                against: "budget",
                2000,
                .atMost(1)
            ),
        ]
    }
}
