import Foundation
import ParallelLaunch
import Testing

@testable import TraceStore

@Suite struct KillTests {
    /// Kills of the whole job; `DEEPMATH_KILL_COUNT` asks for more.
    private static var killCount: Int {
        Int(ProcessInfo.processInfo.environment["DEEPMATH_KILL_COUNT"] ?? "") ?? 8
    }

    @Test func everyRenamedSegmentSurvivesKillsAndTheRunEndsWhole() throws {
        try withDirectory { directory in
            var killed = 0
            var safe = 0
            while killed < Self.killCount {
                let job = try ParallelLaunch.launch(["resume", directory], rankCount: 3)
                let lines = Lines(job.output.fileHandleForReading)
                // From the first round on to somewhere in the twentieth, in steps that are no divisor
                // of a round's length.
                _ = lines.wait(for: "safe", count: 1)
                usleep(UInt32(killed * 37_911 % 400_000))
                let processes = lines.all.compactMap { line in
                    line.hasPrefix("pid ") ? Int32(line.dropFirst(4)) : nil
                }
                for process in processes + [job.process.processIdentifier] {
                    kill(process, SIGKILL)
                }
                job.process.waitUntilExit()
                lines.finish()
                if lines.all.contains("packed") { break }
                killed += 1
                let said = lines.all.compactMap { line in
                    line.hasPrefix("safe ") ? Int(line.dropFirst(5)) : nil
                }
                let stored = try TraceReader(run: directory).tasks()
                safe = max(safe, said.last ?? 0)
                #expect(stored.count >= safe, "after kill \(killed)")
                #expect(Set(stored).count == stored.count)
            }
            #expect(killed > 0)
            let outcome = try ParallelLaunch.run(["resume", directory], rankCount: 2)
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            #expect(try TraceReader(run: directory).episodeCount == 240)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["traces.h5"])
        }
    }
}

/// The lines that a job prints, as they come.
private final class Lines {
    private let handle: FileHandle
    private var text = ""

    init(_ handle: FileHandle) { self.handle = handle }

    var all: [String] { text.split(separator: "\n").map(String.init) }

    /// Reads until `count` lines start with `prefix`; false when the job ended before.
    func wait(for prefix: String, count: Int) -> Bool {
        while all.filter({ $0.hasPrefix(prefix) }).count < count {
            guard read() else { return false }
        }
        return true
    }

    /// Reads what is left.
    func finish() {
        while read() {}
    }

    private func read() -> Bool {
        let data = handle.availableData
        text += String(decoding: data, as: UTF8.self)
        return !data.isEmpty
    }
}
