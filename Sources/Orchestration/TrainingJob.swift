// `deepmath train` as one rank sees it: read (rank 0), start the trainer (rank 0) and the services
// (workers), steps, the last adapter.

import Configuration
private import Foundation
import MPI
import RolloutModel
import TraceStore

/// A training run, from configuration to the last adapter.
public struct TrainingJob: Sendable {
    /// What the command line gave.
    public var entry: JobEntry

    /// The job of `entry`.
    public init(_ entry: JobEntry) { self.entry = entry }

    /// Runs this rank's part of the job.
    ///
    /// - Important: Collective over all ranks; on the main thread.
    /// - Returns: the exit status, the same on every rank.
    public func run() -> JobExit { entry.run { try runRank(world: $0, signals: $1) } }

    private func runRank(
        world: borrowing Communicator,
        signals: StopSignals
    ) throws -> JobExit {
        let logger = JobEntry.logger(rank: world.rank)
        let directory = entry.directory
        guard let plan = try entry.sharedPlan(for: .training, world: world) else {
            return .badInput
        }
        var lock: RunLock?
        defer { lock?.release() }
        guard try entry.holdsLock(&lock, world: world) else { return .badInput }
        let watchdog = Watchdog(rank: world.rank, after: plan.configuration.run)
        defer { watchdog.stop() }
        guard let start = try sharedStart(plan: plan, world: world, directory: directory) else {
            return .failed
        }
        if start.isFinished { return .done }
        let layout = try RankLayout(world: world)
        try Placement.tell(layout, plan, attemptCount: .max, world: world)
        // The trainer loads its model while the engines load theirs.
        let trainer =
            layout.rank == .coordinator
            ? try TrainerProcess(
                plan.configuration,
                directory: directory,
                runID: start.runID,
                logger: logger
            ) : nil
        let startup = WorkerStartup(
            plan: plan,
            directory: directory,
            layout: layout,
            adapterRank: plan.configuration.trainer.loraRank,
            watchdog: watchdog,
            logger: logger
        )
        var services: WorkerServices?
        defer {
            if let started = services { BlockingTask.value { await started.stop() } }
        }
        switch try startup.wait(world: world, signals: signals) {
        case .ready(let started): services = started
        case .stopped(let exit):
            trainer?.stop()
            return exit
        }
        watchdog.beat("the store is opened")
        let store = try RunStore(
            directory: directory,
            plan: plan,
            world: world,
            programVersion: entry.programVersion,
            facts: services?.facts ?? [:]
        )
        var steps = try TrainingLoop(
            plan: plan,
            layout: layout,
            services: services,
            trainer: trainer,
            position: start.position,
            runID: start.runID,
            directory: directory,
            signals: signals,
            watchdog: watchdog,
            logger: logger
        )
        return try steps.run(world: world, store: store)
    }

    /// Where the run stands before this job.
    private struct Start {
        var position: TrainingLoop.Position
        var runID: String
        /// Nothing is left to do.
        var isFinished: Bool
    }

    /// What is there already; nil on all ranks when it cannot be read.
    private func sharedStart(
        plan: JobPlan,
        world: borrowing Communicator,
        directory: RunDirectory
    ) throws -> Start? {
        var message = ByteWriter()
        if world.rank == Rank.coordinator.value {
            do {
                let steps = try RunSteps(run: directory.path)
                let count = plan.configuration.training.steps
                let last = directory.policyPath(count)
                let isFinished =
                    steps.lastNumber >= count && FileManager.default.fileExists(atPath: last)
                let drawnCount = try StepRecord.drawnCount(after: steps, of: plan)
                let runID =
                    steps.lastAttributes["run_id"]
                    ?? "\(UInt64.random(in: 0...UInt64.max))"
                if isFinished {
                    Console.result("trained \(count) steps; the last adapter is \(last)")
                }
                message.write(isFinished ? 1 : 0)
                message.write(steps.lastNumber)
                message.write(drawnCount)
                message.write(runID)
            } catch {
                Console.error(FileFailure.line(error))
            }
        }
        let bytes = try world.broadcast(message.bytes, from: Rank.coordinator.value)
        guard !bytes.isEmpty else { return nil }
        var reader = ByteReader(bytes)
        let isFinished = try reader.integer() == 1
        let position = TrainingLoop.Position(
            stepCount: try reader.integer(),
            drawnCount: try reader.integer()
        )
        return Start(position: position, runID: try reader.text(), isFinished: isFinished)
    }
}
