// `deepmath eval` as one rank sees it: read (rank 0), start services (workers), rounds, pack, table.
//
// The main thread is synchronous and owns MPI and HDF5. Episodes go on in tasks underneath.

private import Logging
private import Foundation
import MPI
import RolloutModel
import TraceStore

/// An evaluation, from configuration to table.
public struct EvaluationJob: Sendable {
    /// How a rank of the job ends.
    public enum Exit: Int32, Sendable {
        /// Everything is done and written.
        case done = 0
        /// Something failed; what was finished is kept.
        case failed = 1
        /// Bad input: nothing was started.
        case badInput = 2
        /// A signal or the time limit ended the job early; the same command goes on from there.
        case interrupted = 75
        /// The same, but nothing has advanced: another job of this kind would be no better.
        case interruptedWithoutProgress = 76
        /// Nothing advanced for `run.stall_seconds`; a report said who waits for whom.
        case stalled = 70
    }

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

    /// Runs this rank's part of the job.
    ///
    /// - Important: Collective over all ranks; on the main thread.
    /// - Returns: the exit status, the same on every rank.
    public func run() -> Exit {
        let signals = StopSignals()
        do {
            let runtime = try MPIRuntime()
            let exit: Exit
            do {
                exit = try runRank(world: runtime.world, signals: signals)
            } catch {
                // The ranks no longer agree on what comes next; only an abort reaches them all.
                // Whoever has only heard of it lets the rank speak that knows, unless that has died.
                if case TraceError.otherRankFailed = error { Thread.sleep(forTimeInterval: 2) }
                Console.error(
                    "rank \(runtime.world.rank) on \(runtime.world.nodeName): \(error); the job ends "
                        + "here. Written rounds are kept: once the cause is mended, the same command "
                        + "goes on from there"
                )
                MPIRuntime.abort(code: Exit.failed.rawValue)
            }
            try runtime.finalize()
            return exit
        } catch {
            Self.logger(rank: nil).critical("MPI failed", metadata: ["error": "\(error)"])
            MPIRuntime.abort(code: Exit.failed.rawValue)
        }
    }

    private func runRank(
        world: borrowing Communicator,
        signals: StopSignals
    ) throws -> Exit {
        let logger = Self.logger(rank: world.rank)
        let directory = RunDirectory(path: runDirectory)
        do {
            try BatchSystem.checkRanks(rankCount: world.size)
        } catch {
            Console.error("\(error)")
            return .badInput
        }
        guard let plan = try sharedPlan(world: world, directory: directory) else {
            return .badInput
        }
        var lock: RunLock?
        defer { lock?.release() }
        guard try holdsLock(&lock, world: world, directory: directory) else { return .badInput }
        if let exit = try refusal(of: plan, world: world, directory: directory) { return exit }
        let watchdog = Watchdog(
            rank: world.rank,
            // Later than the look of rank 0, which can say who waits for whom.
            limit: .seconds(1.5 * plan.configuration.run.stallSeconds)
        )
        defer { watchdog.stop() }
        guard let done = try sharedProgress(plan: plan, world: world, directory: directory) else {
            return .failed
        }
        if done.isFinished { return .done }
        let layout = try RankLayout(world: world)
        let placement = try Placement(
            layout: layout,
            tensorParallel: plan.configuration.engine.tensorParallel,
            world: world
        )
        for note in placement.notes(attemptCount: done.missingCount) { Console.progress(note) }
        let startup = WorkerStartup(
            plan: plan,
            directory: directory,
            layout: layout,
            watchdog: watchdog,
            logger: logger
        )
        var services: WorkerServices?
        defer {
            if let started = services { BlockingTask.value { await started.stop() } }
        }
        switch try startup.wait(world: world, signals: signals) {
        case .ready(let started): services = started
        case .stopped(let exit): return exit
        }
        watchdog.beat("the store is opened")
        let store = try RunStore(
            directory: directory,
            plan: plan,
            world: world,
            programVersion: programVersion,
            facts: services?.facts ?? [:]
        )
        var rounds = try RoundLoop(
            plan: plan,
            layout: layout,
            desk: try services?.desk(plan: plan, rank: layout.rank),
            gpu: services?.visibleDevices ?? "",
            done: done.outcomes,
            directory: directory,
            signals: signals,
            watchdog: watchdog,
            logger: logger
        )
        return try rounds.run(world: world, store: store)
    }

    /// Whether this job alone works on the run directory; rank 0 holds the lock for all.
    private func holdsLock(
        _ lock: inout RunLock?,
        world: borrowing Communicator,
        directory: RunDirectory
    ) throws -> Bool {
        if world.rank == Rank.coordinator.value {
            do {
                lock = try RunLock(path: directory.lockPath, waiting: Console.progress)
            } catch {
                Console.error("\(error)")
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

    /// How the job ends when the run directory holds what it does not ask for; nil when all is well.
    ///
    /// The run may grow; that is noted here, for only one job at a time may do it.
    private func refusal(
        of plan: JobPlan,
        world: borrowing Communicator,
        directory: RunDirectory
    ) throws -> Exit? {
        var exit = Exit.done
        if world.rank == Rank.coordinator.value {
            do {
                try RunGrowth.check(plan, in: directory)
                try directory.keep(grown: plan.configuration)
            } catch {
                Console.error("\(error)")
                exit = error is RunGrowth.Loss ? .badInput : .failed
            }
        }
        let joined = Exit(rawValue: Int32(try world.agree([Int64(exit.rawValue)], by: .max)[0]))
        return joined == .done ? nil : joined
    }

    /// What earlier jobs did of this run.
    private struct StoredProgress {
        /// On rank 0 the outcomes, elsewhere nothing.
        var outcomes: [EpisodeOutcome] = []
        /// On rank 0 the attempts that are left, elsewhere 0.
        var missingCount = 0
        /// Nothing is left to do: the table has been printed.
        var isFinished = false
    }

    /// What is there already; nil on all ranks when the store cannot be read.
    ///
    /// A finished run prints its table without starting an engine.
    private func sharedProgress(
        plan: JobPlan,
        world: borrowing Communicator,
        directory: RunDirectory
    ) throws -> StoredProgress? {
        var progress = StoredProgress()
        var message: [UInt8] = []
        if world.rank == Rank.coordinator.value {
            do {
                progress.outcomes = try RunStore.storedOutcomes(in: directory)
                let coordinator = Coordinator(
                    problemCount: plan.problems.count,
                    sampleCount: plan.configuration.run.samples,
                    done: progress.outcomes,
                    workers: []
                )
                progress.missingCount = coordinator.taskCount - coordinator.doneAtStart
                let isFinished =
                    try coordinator.isComplete && RunStore.isPacked(directory)
                message = [isFinished ? 1 : 0]
                if isFinished { RunTable.printTable(of: coordinator.outcomes, in: directory) }
            } catch {
                Console.error("\(error)")
            }
        }
        message = try world.broadcast(message, from: Rank.coordinator.value)
        guard let flag = message.first else { return nil }
        progress.isFinished = flag == 1
        return progress
    }

    /// The plan that rank 0 read, on every rank; nil on all when the input is bad.
    private func sharedPlan(
        world: borrowing Communicator,
        directory: RunDirectory
    ) throws -> JobPlan? {
        var message: [UInt8] = []
        if world.rank == Rank.coordinator.value {
            do {
                let plan = try JobPlan.read(
                    configurationPath: configurationPath,
                    overrides: overrides,
                    runDirectory: directory
                )
                message = try plan.bytes()
            } catch {
                Console.error("\(error)")
            }
        }
        message = try world.broadcast(message, from: Rank.coordinator.value)
        return message.isEmpty ? nil : try JobPlan(bytes: message)
    }

    private static func logger(rank: Int?) -> Logger {
        var logger = Logger(label: "deepmath")
        logger[metadataKey: "rank"] = rank.map { "\($0)" } ?? "unknown"
        return logger
    }
}
