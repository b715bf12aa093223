// `deepmath eval` and `deepmath suite` as one rank sees them: read (rank 0), start services (workers),
// rounds, pack, table; in a suite again and again, with the same engine where it is the same model.
//
// The main thread is synchronous and owns MPI and HDF5. Episodes go on in tasks underneath.

import Configuration
private import Foundation
import MPI
import RolloutModel
import TraceStore

/// One evaluation or several, from configurations to tables.
public struct EvaluationJob: Sendable {
    /// The evaluations, in order; at least one, each with a run directory of its own.
    public let entries: [JobEntry]

    /// The job of `entries`, at least one.
    public init(_ entries: [JobEntry]) {
        precondition(!entries.isEmpty, "a job has something to do")
        self.entries = entries
    }

    /// Runs this rank's part of the job.
    ///
    /// - Important: Collective over all ranks; on the main thread.
    /// - Returns: the exit status, the same on every rank: of the first evaluation that did not end
    ///   well, else done.
    public func run() -> JobExit { entries[0].run { try runAll(world: $0, signals: $1) } }

    private func runAll(
        world: borrowing Communicator,
        signals: StopSignals
    ) throws -> JobExit {
        // All bad input is met before anything is started.
        var plans: [JobPlan] = []
        for entry in entries {
            guard let plan = try entry.sharedPlan(for: .evaluation, world: world) else {
                return .badInput
            }
            plans.append(plan)
        }
        let isLead = world.rank == Rank.coordinator.value
        let isSuite = entries.count > 1
        var keeper = EngineKeeper(plans: plans.map(\.configuration))
        defer { keeper.stop() }
        for (index, (entry, plan)) in zip(entries, plans).enumerated() {
            if isSuite, isLead {
                Console.progress(
                    "\(index + 1) of \(entries.count): \(entry.configurationPath) in "
                        + entry.runDirectory
                )
            }
            let exit = try run(entry, plan, keeper: &keeper, world: world, signals: signals)
            guard exit == .done else { return exit }
        }
        if isSuite, isLead { try RunTable.printTable(of: entries.map(\.directory)) }
        return .done
    }

    private func run(
        _ entry: JobEntry,
        _ plan: JobPlan,
        keeper: inout EngineKeeper,
        world: borrowing Communicator,
        signals: StopSignals
    ) throws -> JobExit {
        let logger = JobEntry.logger(rank: world.rank)
        let directory = entry.directory
        var lock: RunLock?
        defer { lock?.release() }
        guard try entry.holdsLock(&lock, world: world) else { return .badInput }
        if let exit = try refusal(of: plan, world: world, directory: directory) { return exit }
        let watchdog = Watchdog(rank: world.rank, after: plan.configuration.run)
        defer { watchdog.stop() }
        guard let done = try sharedProgress(plan: plan, world: world, directory: directory) else {
            return .failed
        }
        if done.isFinished { return .done }
        let layout = try RankLayout(world: world)
        try Placement.tell(layout, plan, attemptCount: done.missingCount, world: world)
        let startup = WorkerStartup(
            plan: plan,
            directory: directory,
            layout: layout,
            adapterRank: try keeper.adapterRank(for: plan.configuration),
            engine: keeper.engine(for: plan.configuration),
            adapterName: keeper.adapterName(for: plan.configuration),
            watchdog: watchdog,
            logger: logger
        )
        var services: WorkerServices?
        defer {
            if let started = services { BlockingTask.value { await started.stopHelpers() } }
        }
        switch try startup.wait(world: world, signals: signals) {
        case .ready(let started):
            services = started
            if let engine = started?.engine { keeper.keep(engine, for: plan.configuration) }
        case .stopped(let exit): return exit
        }
        watchdog.beat("the store is opened")
        let store = try RunStore(
            directory: directory,
            plan: plan,
            world: world,
            programVersion: entry.programVersion,
            facts: services?.facts ?? [:]
        )
        var rounds = try RoundLoop(
            plan: plan,
            layout: layout,
            desk: try services?.desk(
                plan: plan,
                rank: layout.rank,
                adapterName: keeper.adapterName(for: plan.configuration)
            ),
            gpu: services?.visibleDevices ?? "",
            done: done.outcomes,
            directory: directory,
            signals: signals,
            watchdog: watchdog,
            logger: logger
        )
        return try rounds.run(world: world, store: store)
    }

    /// How the job ends when the run directory holds what it does not ask for; nil when all is well.
    ///
    /// The run may grow; that is noted here, for only one job at a time may do it.
    private func refusal(
        of plan: JobPlan,
        world: borrowing Communicator,
        directory: RunDirectory
    ) throws -> JobExit? {
        var exit = JobExit.done
        if world.rank == Rank.coordinator.value {
            do {
                try RunGrowth.check(plan, in: directory)
                try directory.keep(grown: plan.configuration)
            } catch {
                Console.error(FileFailure.line(error))
                exit = error is RunGrowth.Loss ? .badInput : .failed
            }
        }
        let joined = JobExit(rawValue: Int32(try world.agree([Int64(exit.rawValue)], by: .max)[0]))
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
                Console.error(FileFailure.line(error))
            }
        }
        message = try world.broadcast(message, from: Rank.coordinator.value)
        guard let flag = message.first else { return nil }
        progress.isFinished = flag == 1
        return progress
    }
}
