// What an evaluation and a training job have in common before their work begins: MPI, the plan that
// rank 0 reads, and the lock on the run directory.

import Configuration
private import Foundation
import Logging
import MPI
import RolloutModel
import TraceStore

/// A job as its command line gives it.
public struct JobEntry: Sendable {
    /// Path of the configuration.
    public var configurationPath: String
    /// `section.key=value` each.
    public var overrides: [String]
    /// Path of the run directory.
    public var runDirectory: String
    /// Version and commit of the program, for the trace.
    public var programVersion: String

    /// A job from its command line.
    public init(
        configurationPath: String,
        overrides: [String],
        runDirectory: String,
        programVersion: String
    ) {
        self.configurationPath = configurationPath
        self.overrides = overrides
        self.runDirectory = runDirectory
        self.programVersion = programVersion
    }

    /// The run's directory.
    var directory: RunDirectory { RunDirectory(path: runDirectory) }

    /// Runs this rank's part, `body`, under MPI.
    ///
    /// - Important: Collective over all ranks; on the main thread.
    /// - Returns: the exit status, the same on every rank.
    func run(_ body: (borrowing Communicator, StopSignals) throws -> JobExit) -> JobExit {
        let signals = StopSignals()
        do {
            let runtime = try MPIRuntime()
            let exit: JobExit
            do {
                exit = try body(runtime.world, signals)
            } catch {
                // The ranks no longer agree on what comes next; only an abort reaches them all.
                // Whoever has only heard of it lets the rank speak that knows, unless that has died.
                if case TraceError.otherRankFailed = error { Thread.sleep(forTimeInterval: 2) }
                Console.error(
                    "rank \(runtime.world.rank) on \(runtime.world.nodeName): \(FileFailure.line(error)); the job ends "
                        + "here. What was written is kept: once the cause is mended, the same "
                        + "command goes on from there"
                )
                MPIRuntime.abort(code: JobExit.failed.rawValue)
            }
            try runtime.finalize()
            return exit
        } catch {
            Self.logger(rank: nil).critical("MPI failed", metadata: ["error": "\(error)"])
            MPIRuntime.abort(code: JobExit.failed.rawValue)
        }
    }

    /// The plan that rank 0 read, on every rank; nil on all when the input is bad.
    func sharedPlan(
        for kind: JobPlan.Kind,
        world: borrowing Communicator
    ) throws -> JobPlan? {
        var message: [UInt8] = []
        if world.rank == Rank.coordinator.value {
            do {
                try BatchSystem.checkRanks(rankCount: world.size)
                let plan = try JobPlan.read(
                    configurationPath: configurationPath,
                    overrides: overrides,
                    kind: kind,
                    runDirectory: directory
                )
                message = try plan.bytes()
            } catch {
                Console.error(FileFailure.line(error))
            }
        }
        message = try world.broadcast(message, from: Rank.coordinator.value)
        return message.isEmpty ? nil : try JobPlan(bytes: message)
    }

    /// Whether this job alone works on the run directory; rank 0 holds the lock for all.
    func holdsLock(
        _ lock: inout RunLock?,
        world: borrowing Communicator
    ) throws -> Bool {
        if world.rank == Rank.coordinator.value {
            do {
                lock = try RunLock(
                    path: directory.lockPath,
                    lost: { [path = directory.lockPath, run = directory.path] holder in
                        let isThere = FileManager.default.fileExists(atPath: run)
                        Console.error(
                            !isThere
                                ? "\(TraceError.gone(path: run))"
                                : "\(path) was taken over by \(holder?.name ?? "another job") while this job was suspended; "
                                    + "this job ends, and what it had not written is done there"
                        )
                        // At once: two that write would replace each other's rows.
                        _exit(JobExit.failed.rawValue)
                    },
                    waiting: Console.progress
                )
            } catch {
                Console.error(FileFailure.line(error))
            }
        }
        let token = try world.broadcast(
            Array((lock?.token ?? "").utf8),
            from: Rank.coordinator.value
        )
        guard !token.isEmpty else { return false }
        let isSeen = RunLock.isSeen(String(decoding: token, as: UTF8.self), at: directory.lockPath)
        if !isSeen {
            Console.error(
                "rank \(world.rank) on \(world.nodeName): \(directory.path) is not the directory "
                    + "that rank 0 sees; put the run on a file system that all nodes share"
            )
        }
        return try world.agree([isSeen ? 1 : 0], by: .min)[0] == 1
    }

    /// A logger that says which rank speaks.
    static func logger(rank: Int?) -> Logger {
        var logger = Logger(label: "deepmath")
        logger[metadataKey: "rank"] = rank.map { "\($0)" } ?? "unknown"
        return logger
    }
}
