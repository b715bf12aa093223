import Foundation
import Testing

/// Starts that are odd but not wrong, and a disk that is full: nothing is lost.
@Suite(.serialized) struct OddStartTests {
    /// A shell that was left with the variables of a job that has ended.
    private static let leftOver = [
        "SLURM_JOB_ID": "7", "SLURM_JOB_END_TIME": "1000000000", "SLURM_PROCID": "2",
        "SLURM_STEP_NUM_TASKS": "5", "SLURM_LOCALID": "1", "SLURM_RESTART_COUNT": "3",
    ]

    @Test func moreRanksThanAttemptsAndVariablesWithoutSlurmAreNoObstacle() throws {
        let run = try ScriptedRun(problemCount: 1, sampleCount: 1, firstTokenSeconds: 0)
        let program = try Program(
            "deepmath",
            run.arguments(),
            rankCount: 3,
            environment: Self.leftOver.merging(["CUDA_VISIBLE_DEVICES": "0,1,2,3"]) { $1 }
        )
        let outcome = try program.finish()
        #expect(outcome.status == 0, "\(outcome.end)")
        #expect(try run.rows().count == 1)
        #expect(outcome.errors.contains("2 workers for 1 attempts"), "\(outcome.end)")
        #expect(outcome.errors.contains("2 GPUs in sight of the workers are not used"))
    }

    @Test(.enabled(if: getuid() == 0, "only root mounts a small file system"))
    func aFullDiskEndsTheJobWithOneLineAndTheNextGoesOn() throws {
        let run = try ScriptedRun(problemCount: 12, sampleCount: 2, firstTokenSeconds: 0.1)
        try FileManager.default.createDirectory(
            atPath: run.directory,
            withIntermediateDirectories: true
        )
        try mount(["-t", "tmpfs", "-o", "size=500k", "tmpfs", run.directory])
        defer {
            do {
                try command("/bin/umount", [run.directory])
            } catch {
                Issue.record(error)
            }
        }
        let full = try run.start()
        let outcome = try full.finish()
        #expect(outcome.status == 1, "\(outcome.end)")
        let lines = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("deepmath: ") }
        try #require(lines.count == 1, "\(outcome.end)")
        #expect(
            lines[0].contains("No space left on device") && lines[0].contains(run.directory)
                && lines[0].contains("the same command goes on"),
            "\(outcome.end)"
        )
        #expect(try full.survivors(after: 10).isEmpty)

        try mount(["-o", "remount,size=64m", run.directory])
        let rest = try run.start(rankCount: 2).finish()
        #expect(rest.status == 0, "\(rest.end)")
        #expect(try run.rows().count == 24)
    }

    private func mount(_ arguments: [String]) throws { try command("/bin/mount", arguments) }

    private func command(_ program: String, _ arguments: [String]) throws {
        let process = try Process.run(URL(filePath: program), arguments: arguments)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(program) \(arguments)")
    }
}
