import Foundation
import Orchestration
import Sandbox
import Synchronization

/// Thousands of sessions, many of them ended in unkind ways, and what is left afterwards.
enum SoakExperiment: Experiment {
    static let name = "soak"
    static let question = "What do thousands of sessions with random kills leave behind?"

    /// What there is of everything that could leak.
    private struct Holdings {
        let processes: Int
        let descriptors: Int
        let zygoteDescriptors: Int?
        let residentBytes: Int
        let zygoteBytes: Int

        init(_ pool: SandboxPool) async throws {
            // One session, so that the zygote can be told from its launcher.
            let session = try await pool.openSession(seed: 0)
            _ = try await session.run("1")
            let zygote = ProcessTree().zygotes.first?.identifier ?? 0
            zygoteBytes = ProcessTree.residentBytes(zygote)
            zygoteDescriptors = ProcessTree.descriptorCount(zygote)
            await session.close()
            for _ in 0..<500 where !ProcessTree().sessions.isEmpty {
                try await Task.sleep(for: .milliseconds(10))
            }
            processes = ProcessTree().descendants.count
            descriptors = ProcessTree.descriptorCount(getpid()) ?? 0
            residentBytes = ProcessTree.residentBytes(getpid())
        }
    }

    static func figures(_ scale: Scale) throws -> [Figure] {
        try BlockingTask.value { try await measure(scale) }
    }

    private static func measure(_ scale: Scale) async throws -> [Figure] {
        let pool = try SandboxPool(
            configuration: SandboxExperiment.configuration(snippetTimeout: .milliseconds(250)),
            sessionLimit: 8
        )
        defer { pool.shutdown() }
        let count = scale == .quick ? 1_500 : 20_000
        let tally = Mutex<[SoakEpisode.End: Int]>([:])
        // Caches fill and allocators settle first.
        try await run(300, pool, tally)
        let before = try await Holdings(pool)
        let start = ContinuousClock.now
        try await run(count, pool, tally)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let after = try await Holdings(pool)
        let ends = tally.withLock { $0 }.map { "\($0.value) \($0.key)" }.sorted()
        return [
            Figure(
                "sessions: \(ends.joined(separator: ", "))",
                Double(count),
                "",
                against: "seconds",
                seconds
            ),
            left("processes", after.processes, before.processes),
            left("descriptors and sockets", after.descriptors, before.descriptors),
            left(
                "the zygote's descriptors",
                after.zygoteDescriptors ?? 1,
                before.zygoteDescriptors ?? 1
            ),
            left("resident bytes", after.residentBytes, before.residentBytes, allowed: 1.15),
            left(
                "the zygote's resident bytes",
                after.zygoteBytes,
                before.zygoteBytes,
                allowed: 1.05
            ),
        ]
    }

    private static func left(
        _ what: String,
        _ after: Int,
        _ before: Int,
        allowed: Double = 1
    ) -> Figure {
        Figure(
            what + " afterwards",
            Double(after),
            "",
            against: "before",
            Double(before),
            .atMost(allowed)
        )
    }

    private static func run(
        _ count: Int,
        _ pool: SandboxPool,
        _ tally: borrowing Mutex<[SoakEpisode.End: Int]>
    ) async throws {
        let laneCount = 6
        let ends = try await withThrowingTaskGroup(of: [SoakEpisode.End].self) { group in
            for lane in 0..<laneCount {
                group.addTask {
                    var ends: [SoakEpisode.End] = []
                    for number in stride(from: lane, to: count, by: laneCount) {
                        let episode = SoakEpisode(pool: pool, number: number)
                        ends.append(try await episode.run())
                    }
                    return ends
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        tally.withLock { counts in for end in ends { counts[end, default: 0] += 1 } }
    }
}

/// One session with an end that its number decides.
struct SoakEpisode {
    enum End: String, CustomStringConvertible {
        case closed, forgotten, killed, exited, crashed, timedOut, flooded, outOfMemory, cancelled
        case closedWhileRunning, zygoteKilled
        var description: String { rawValue }
    }

    let pool: SandboxPool
    let number: Int

    struct Wrong: Error { let end: End, result: String }

    private var end: End {
        if number % 1_000 == 999 { return .zygoteKilled }
        return switch number % 20 {
        case 0, 1, 2: .killed
        case 3: .exited
        case 4: .crashed
        case 5: .timedOut
        case 6: .flooded
        case 7: .outOfMemory
        case 8: .cancelled
        case 9: .closedWhileRunning
        case 10: .forgotten
        default: .closed
        }
    }

    /// Runs the session and checks that a snippet after the unkind part is answered rightly.
    func run() async throws -> End {
        let session = try await pool.openSession(seed: UInt64(number))
        try await expect(session, "x = \(number)\nx * 2", "\(number * 2)\n")
        switch end {
        case .closed: break
        case .forgotten: return end
        case .killed, .zygoteKilled:
            let running = Task {
                try await session.run("import time\nwhile True: time.sleep(0.01)")
            }
            try await Task.sleep(for: .milliseconds(Int64(number % 7)))
            let tree = ProcessTree()
            let victim = (end == .killed ? tree.sessions : tree.zygotes).randomElement()
            if let victim { kill(victim.identifier, SIGKILL) }
            _ = try await running.value
        case .exited: _ = try await session.run("import os\nos._exit(3)")
        case .crashed: _ = try await session.run("import os\nos.abort()")
        case .timedOut: _ = try await session.run("while True: pass")
        case .flooded: _ = try await session.run("while True: print('x' * 5000)")
        case .outOfMemory: _ = try await session.run("bytearray(1 << 45)")
        case .cancelled:
            let running = Task { try await session.run("while True: pass") }
            try await Task.sleep(for: .milliseconds(Int64(number % 5)))
            running.cancel()
            _ = await running.result
        case .closedWhileRunning:
            let running = Task { try await session.run("while True: pass") }
            try await Task.sleep(for: .milliseconds(Int64(number % 5)))
            await session.close()
            _ = await running.result
            return end
        }
        // Another session's kill may have hit this one: then it says so, and goes on.
        try await expect(session, "1 + \(number)", "\(number + 1)\n")
        await session.close()
        return end
    }

    private func expect(_ session: SandboxSession, _ code: String, _ wanted: String) async throws {
        for _ in 0..<3 {
            let result = try await session.run(code)
            if result.status == .ok, result.output.hasSuffix(wanted) { return }
            guard result.stateLost else { throw Wrong(end: end, result: result.output) }
        }
    }
}
