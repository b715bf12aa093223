import Foundation
import Testing

private let environment = ProcessInfo.processInfo.environment

/// The trainer of `tools/trainer`, on step files with what a real engine wrote.
///
/// Each test is one of its own checks, which know TRL from inside; they print a line for each fact
/// they hold and end at the first that does not. `DEEPMATH_ENGINE_TESTS=1` enables them: each
/// imports torch, which takes a core ten seconds.
@Suite(.serialized, .enabled(if: ["1", "all"].contains(environment["DEEPMATH_ENGINE_TESTS"])))
struct TrainerTests {
    private struct Ended {
        let status: Int32
        let output: String
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func ratiosAreOneAtTheFirstUpdateAndToolOutputHasNoGradient() throws {
        try expectSuccess(of: "ratio")
    }

    @Test func twoProcessesMakeTheSameUpdateAsOne() throws {
        try expectSuccess(of: "same_update")
    }

    @Test func aKilledTrainerGoesOnToTheSameAdapters() throws {
        try expectSuccess(of: "resume")
    }

    @Test func wrongInputIsRefusedInOneLine() throws {
        try expectSuccess(of: "refusals")
    }

    private func expectSuccess(of check: String) throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "deepmath-test-\(UUID().uuidString)")
        let ended = try Self.run(check, in: directory)
        #expect(ended.status == 0, "\(directory.path()): \(ended.output)")
        #expect(ended.output.contains("ok: "))
        // After a failure there is something to look at.
        if ended.status == 0 { try FileManager.default.removeItem(at: directory) }
    }

    private static func run(_ check: String, in directory: URL) throws -> Ended {
        let process = Process()
        process.executableURL = root.appending(path: ".venv/bin/python")
        process.arguments = [
            root.appending(path: "tools/trainer/checks/\(check).py").path(), directory.path(),
        ]
        // Several processes at once, each with as many threads as there are cores, would be slower.
        process.environment = environment.merging(["OMP_NUM_THREADS": "1"]) { _, new in new }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Ended(
            status: process.terminationStatus,
            output: String(decoding: output, as: UTF8.self)
        )
    }
}
