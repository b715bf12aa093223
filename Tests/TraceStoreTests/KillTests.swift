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
        var killed = 0
        var cutOff = 0
        while killed < Self.killCount {
            try withDirectory { directory in
                var isFinished = false
                while !isFinished, killed < Self.killCount {
                    // Somewhere between the start of the writer and the end of packing.
                    let lines = try launchAndKill(directory, after: killed * 37_911 % 700_000)
                    isFinished = lines.contains("packed")
                    killed += isFinished ? 0 : 1
                    cutOff += try Self.leftovers(directory)
                    try expectSafe(directory, lines)
                }
                let outcome = try ParallelLaunch.run(["resume", directory], rankCount: 2)
                #expect(outcome.exitCode == 0, "\(outcome.output)")
                #expect(try TraceVerification(run: directory).findings == [])
                #expect(try TraceReader(run: directory).episodeCount == 240)
                let content = try FileManager.default.contentsOfDirectory(atPath: directory)
                #expect(content == ["traces.h5"])
            }
        }
        print("\(killed) kills, \(cutOff) of them inside a write")
    }

    /// Starts three ranks that go on with the run, kills them all, and gives what they said.
    private func launchAndKill(_ directory: String, after delay: Int) throws -> [String] {
        let job = try ParallelLaunch.launch(["resume", directory], rankCount: 3)
        let lines = Lines(job.output.fileHandleForReading)
        lines.wait(for: "pid ", count: 3)
        usleep(UInt32(delay))
        let processes = lines.all.compactMap { line in
            line.hasPrefix("pid ") ? Int32(line.dropFirst(4)) : nil
        }
        for process in processes + [job.process.processIdentifier] { kill(process, SIGKILL) }
        job.process.waitUntilExit()
        lines.finish()
        return lines.all
    }

    /// Whatever was said to be safe is there, once, and every file that has its name is whole.
    private func expectSafe(_ directory: String, _ lines: [String]) throws {
        let said = lines.compactMap { $0.hasPrefix("safe ") ? Int($0.dropFirst(5)) : nil }.last ?? 0
        guard
            try !RunDirectory(path: directory).segmentNumbers().isEmpty
                || RunDirectory(path: directory).isPacked
        else {
            #expect(said == 0)
            return
        }
        let verification = try TraceVerification(run: directory)
        #expect(verification.findings == [])
        #expect(verification.episodeCount >= said)
    }

    /// 1 when the kill left a file behind that was being written, else 0.
    private static func leftovers(_ directory: String) throws -> Int {
        guard let files = FileManager.default.enumerator(atPath: directory) else { return 0 }
        return files.contains { "\($0)".hasSuffix(".tmp") } ? 1 : 0
    }
}

/// The lines that a job prints, as they come.
private final class Lines {
    private let handle: FileHandle
    private var text = ""

    init(_ handle: FileHandle) { self.handle = handle }

    var all: [String] { text.split(separator: "\n").map(String.init) }

    /// Reads until `count` lines start with `prefix`, or the job has ended.
    func wait(for prefix: String, count: Int) {
        while all.count(where: { $0.hasPrefix(prefix) }) < count, read() {}
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
