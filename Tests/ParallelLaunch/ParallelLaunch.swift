public import Foundation
import Synchronization

/// A check executable, run on one rank without a launcher or on several under mpirun.
public enum ParallelLaunch {
    /// One job at a time: jobs of several ranks at once would only starve each other.
    private static let turn = Mutex(())

    /// What a finished job said.
    public struct Outcome: Sendable {
        /// Exit status of the process or of mpirun.
        public let exitCode: Int32
        /// Standard output and standard error, in the order of arrival.
        public let output: String
        /// Wall time, seconds.
        public let wallSeconds: Double
    }

    /// Runs `parallel-checks` with `arguments` and waits for its end.
    ///
    /// - Parameters:
    ///   - arguments: name of the check, then what it takes.
    ///   - rankCount: 0 runs the bare process, without mpirun.
    ///   - environment: variables on top of this process's.
    /// - Returns: exit status and text.
    /// - Throws: when the process cannot be started.
    public static func run(
        _ arguments: [String],
        rankCount: Int,
        environment: [String: String] = [:]
    ) throws -> Outcome {
        let start = ContinuousClock.now
        let job = try launch(arguments, rankCount: rankCount, environment: environment)
        let bytes = try job.output.fileHandleForReading.readToEnd() ?? Data()
        job.process.waitUntilExit()
        let elapsed = ContinuousClock.now - start
        return Outcome(
            exitCode: job.process.terminationStatus,
            output: String(decoding: bytes, as: UTF8.self),
            wallSeconds: elapsed / .seconds(1)
        )
    }

    /// A job that runs.
    public struct Job {
        /// The process: mpirun, or the check itself.
        public let process: Process
        /// Where standard output and standard error go.
        public let output: Pipe
    }

    /// Starts `parallel-checks` and returns at once.
    ///
    /// - Parameters:
    ///   - arguments: name of the check, then what it takes.
    ///   - rankCount: 0 runs the bare process, without mpirun.
    ///   - environment: variables on top of this process's.
    /// - Returns: the running job.
    /// - Throws: when the process cannot be started.
    public static func launch(
        _ arguments: [String],
        rankCount: Int,
        environment: [String: String] = [:]
    ) throws -> Job {
        let executable = try folder().appending(path: "parallel-checks").path
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            (rankCount == 0
                ? [executable] : ["mpirun", "--oversubscribe", "-n", "\(rankCount)", executable])
            + arguments
        var variables = ProcessInfo.processInfo.environment
        variables["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
        variables["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
        // More ranks than cores: a rank that waits inside MPI gives its core to the others.
        variables["OMPI_MCA_mpi_yield_when_idle"] = "1"
        variables.merge(environment) { $1 }
        process.environment = variables
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        return Job(process: process, output: pipe)
    }

    /// The folder of built products: where the test bundle lies.
    ///
    /// - Returns: the folder that holds the executables.
    /// - Throws: when neither the test's own folder nor `.build/debug` has the checks.
    public static func folder() throws -> URL {
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        for candidate in [bundle, root.appending(path: ".build/debug")] {
            let path = candidate.appending(path: "parallel-checks").path
            if FileManager.default.isExecutableFile(atPath: path) { return candidate }
        }
        throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "parallel-checks"])
    }
}
