import Foundation
import Testing

/// What a person sees who starts a run by hand; `script` makes the terminal.
@Suite struct WatchedRunTests {
    @Test func progressIsOneLineThatChangesAndTheTableComesAfterIt() throws {
        let run = try ScriptedRun(problemCount: 8, sampleCount: 2, firstTokenSeconds: 0.5)
        let command = ["mpirun", "-n", "3", try Program.path(of: "deepmath")] + run.arguments()
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/script")
        process.arguments = [
            "--quiet", "--return", "--command", command.joined(separator: " "), "/dev/null",
        ]
        process.currentDirectoryURL = Program.root
        let variables = ["TERM": "xterm", "OMPI_ALLOW_RUN_AS_ROOT": "1"].merging([
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
            "OMPI_MCA_hwloc_base_binding_policy": "none",
        ]) { $1 }
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let screen = String(decoding: bytes, as: UTF8.self)
        #expect(process.terminationStatus == 0, "\(screen)")
        let progress = screen.components(separatedBy: "\n").filter { $0.contains("episodes/s") }
        // Line feeds end only what stays: the last state, whatever there was of states before it.
        #expect(progress.count == 1, "\(screen)")
        #expect(progress.first.map { $0.components(separatedBy: "\r\u{1B}[K").count > 3 } == true)
        let table = try #require(screen.range(of: "accuracy (average@k)"))
        let last = try #require(screen.range(of: "episodes 16/16", options: .backwards))
        #expect(last.lowerBound < table.lowerBound, "\(screen)")
    }
}
