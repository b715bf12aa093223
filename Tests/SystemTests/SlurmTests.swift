import Foundation
import Testing

/// The shipped batch scripts under a real Slurm of two nodes.
@Suite(
    .serialized,
    .enabled(if: SlurmCluster.obstacle == nil, "\(SlurmCluster.obstacle ?? "")")
)
struct SlurmTests {
    /// What a job gets besides its own variables: two nodes of one host share memory segments'
    /// names, so their ranks speak over the loopback interface.
    private static func environment(_ more: [String: String] = [:]) throws -> [String: String] {
        let programs = URL(filePath: try Program.path(of: "deepmath")).deletingLastPathComponent()
        return [
            "OMPI_MCA_btl": "self,tcp", "OMPI_MCA_btl_tcp_if_include": "lo",
            "OMPI_MCA_mpi_yield_when_idle": "1", "DEEPMATH_BIN": programs.path,
            "WORKERS_PER_NODE": "1",
        ].merging(more) { $1 }
    }

    private static let resources = ["--nodes=2", "--ntasks-per-node=2", "--gpus-per-node=1"]

    private func submit(
        _ run: ScriptedRun,
        to cluster: SlurmCluster,
        _ options: [String],
        _ more: [String: String] = [:]
    ) throws -> String {
        // The script takes configuration and run directory by place.
        let arguments = run.arguments()
        return try cluster.submit(
            Self.resources + options,
            script: "slurm/eval.sbatch",
            [arguments[2], arguments[4]],
            environment: try Self.environment(more)
        )
    }

    private func slowRun(problemCount: Int) throws -> ScriptedRun {
        try ScriptedRun(
            problemCount: problemCount,
            sampleCount: 4,
            firstTokenSeconds: 2,
            settings: ["drain_seconds: 3", "reserve_seconds: 2"]
        )
    }

    private func quietRows(problemCount: Int) throws -> [String] {
        let quiet = try ScriptedRun(
            problemCount: problemCount,
            sampleCount: 4,
            firstTokenSeconds: 0.05
        )
        #expect(try quiet.start().finish().status == 0)
        return try quiet.rows()
    }

    @Test func aRunThatTheTimeLimitStrikesQueuesItselfAgainAndIsAsIfNothingHadHappened() throws {
        let expected = try quietRows(problemCount: 20)
        #expect(expected.count == 80)
        let cluster = try SlurmCluster()
        defer { cluster.stop() }
        let run = try slowRun(problemCount: 20)
        let number = try submit(run, to: cluster, ["--time=1", "--signal=USR1@5"])
        let job = try cluster.end(of: number, within: 300)
        let log = try cluster.log(number)
        #expect(job.state == "COMPLETED", "\(log)")
        #expect(job.exitCode == "0:0")
        #expect(job.restartCount >= 1, "the time limit did not strike: \(log)")
        #expect(log.contains("unfinished ones are kept"), "\(log)")
        #expect(log.contains("not done yet: queued again"))
        #expect(try run.rows() == expected)
        let facts = try Program.python(
            #"""
            import sys, h5py
            with h5py.File(sys.argv[1]) as f:
                ranks = f["ranks"]
                print(sorted(set(ranks["rank"][()].tolist())))
                print(f.attrs["slurm_job_id"], f.attrs["slurm_restart_count"])
            """#,
            [run.directory + "/traces.h5"]
        )
        #expect(facts.output.hasPrefix("[0, 1, 2]"), "\(facts.output)")
        #expect(facts.output.contains("\(number)"), "\(facts.output)")
    }

    @Test func aJobQueuesItselfAgainNoMoreOftenThanItMay() throws {
        let cluster = try SlurmCluster()
        defer { cluster.stop() }
        let run = try slowRun(problemCount: 40)
        let number = try submit(run, to: cluster, ["--time=5"], ["MAX_REQUEUES": "1"])
        for start in 0...1 {
            // Each start advances before it is stopped: only the bound keeps it from a third.
            try wait(120, "start \(start) made nothing: \(try cluster.log(number))") {
                let parts = try cluster.log(number).components(separatedBy: "start \(start) of job")
                return parts.count > 1 && parts[1].contains(/episodes [1-9]/)
            }
            try cluster.signal("USR1", job: number)
            if start == 0 {
                try wait(60, "the job was not queued again: \(try cluster.log(number))") {
                    try cluster.log(number).contains("not done yet: queued again")
                }
            }
        }
        let job = try cluster.end(of: number, within: 60)
        let log = try cluster.log(number)
        #expect(job.state == "FAILED", "\(log)")
        #expect(job.exitCode == "75:0", "\(log)")
        #expect(job.restartCount == 1)
        #expect(log.components(separatedBy: "queued again").count == 2, "\(log)")
    }

    /// Waits until something is so, and fails with `complaint` when it is not in time.
    private func wait(
        _ seconds: Double,
        _ complaint: @autoclosure () throws -> String,
        until isSo: () throws -> Bool
    ) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try !isSo() {
            guard ContinuousClock.now < deadline else {
                throw SlurmCluster.Failure(description: try complaint())
            }
            Thread.sleep(forTimeInterval: 0.2)
        }
    }

    @Test func trainingAndSuitesAreSubmittedAlike() throws {
        let cluster = try SlurmCluster()
        defer { cluster.stop() }
        let training = try ScriptedTraining(stepCount: 2)
        let suite = try ScriptedRun(problemCount: 4, sampleCount: 2, firstTokenSeconds: 0.1)
        let all = suite.directory + "-of-all"
        for (script, arguments) in [
            ("slurm/train.sbatch", [training.configuration, training.directory]),
            ("slurm/suite.sbatch", [all, suite.arguments()[2]]),
        ] {
            let number = try cluster.submit(
                Self.resources + ["--time=5"],
                script: script,
                arguments,
                // Words before the program, as a container's are.
                environment: try Self.environment(["CONTAINER": "env IN_A_CONTAINER=1"])
            )
            let job = try cluster.end(of: number, within: 120)
            let log = try cluster.log(number)
            #expect(job.state == "COMPLETED", "\(log)")
        }
        #expect(try training.rows().count == 2 * 16)
        let files = FileManager.default
        #expect(files.fileExists(atPath: training.directory + "/policy/000002"))
        #expect(files.fileExists(atPath: all + "/config/traces.h5"))
    }

    @Test func rank0RunsWithoutAGPUInThePartOfTheJobThatHasNone() throws {
        let cluster = try SlurmCluster()
        defer { cluster.stop() }
        let run = try ScriptedRun(problemCount: 4, sampleCount: 2, firstTokenSeconds: 0.1)
        let arguments = run.arguments()
        let number = try cluster.submit(
            ["--nodes=1", "--ntasks-per-node=1", "--gpus-per-node=0", "--time=5", ":"]
                + ["--nodes=1", "--ntasks-per-node=1", "--gpus-per-node=1", "--time=5"],
            script: "slurm/eval.sbatch",
            [arguments[2], arguments[4]],
            environment: try Self.environment()
        )
        let job = try cluster.end(of: number, within: 120)
        let log = try cluster.log(number)
        #expect(job.state == "COMPLETED", "\(log)")
        #expect(log.contains("1 workers on"), "\(log)")
        #expect(try run.rows().count == 8)
        let ranks = try Program.python(
            #"""
            import sys, h5py
            with h5py.File(sys.argv[1]) as f:
                r, bytes = f["ranks"], f["ranks/text"][()].tobytes()
                gpu = [bytes[a:a + n].decode() for a, n in zip(r["gpu_first"][()], r["gpu_count"][()])]
                print(sorted(set(zip(r["rank"][()].tolist(), gpu))))
            """#,
            [run.directory + "/traces.h5"]
        )
        #expect(ranks.output == "[(0, ''), (1, '0')]\n", "\(ranks.output)")
    }

    @Test func aPreemptedRunUnderMpirunGoesOnToo() throws {
        let expected = try quietRows(problemCount: 8)
        let cluster = try SlurmCluster()
        defer { cluster.stop() }
        let run = try slowRun(problemCount: 8)
        let number = try submit(
            run,
            to: cluster,
            ["--time=5", "--signal=B:USR1@60"],
            ["LAUNCHER": "mpirun"]
        )
        let deadline = ContinuousClock.now + .seconds(120)
        while try !cluster.log(number).contains("episodes 1"), ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: 0.2)
        }
        try cluster.control(["requeue", number])
        let job = try cluster.end(of: number, within: 300)
        let log = try cluster.log(number)
        #expect(job.state == "COMPLETED", "\(log)")
        #expect(job.restartCount == 1)
        #expect(try run.rows() == expected)
    }
}
