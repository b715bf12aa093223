// The heartbeat of every rank: exchange (point to point) -> agree (all-reduce; its value alone
// decides) -> append (collective; zero rows is normal). Attempts go on underneath, so a straggler
// holds up no write and no GPU.

private import Foundation
import Logging
import MPI
import RolloutModel
import TraceStore

/// The rounds of one rank, from the first shard to the packed file.
struct RoundLoop: ~Copyable {
    private let plan: JobPlan
    private let layout: RankLayout
    private let logger: Logger
    private let desk: WorkerDesk?
    private var coordinator: Coordinator?
    private var reporter: ProgressReporter
    private var roundIndex = 0
    private var roundStart = ContinuousClock.now
    private let gpu: String

    private static let lookInterval = 0.005
    private static let agreeInterval = Duration.milliseconds(50)

    /// Rounds over `services`, which are nil on a rank that makes no attempts.
    ///
    /// `done` are, on rank 0, the outcomes that the run directory holds already.
    init(
        plan: JobPlan,
        layout: RankLayout,
        services: WorkerServices?,
        done: [EpisodeOutcome],
        logger: Logger
    ) throws {
        self.plan = plan
        self.layout = layout
        self.logger = logger
        gpu = services?.visibleDevices ?? ""
        desk = try services.map { services in
            WorkerDesk(
                rank: layout.rank,
                worker: Worker(
                    runner: try services.runner(plan: plan),
                    problems: plan.problems,
                    concurrency: plan.configuration.engine.concurrency.initial
                ),
                engine: services.engine,
                policy: plan.configuration.engine.concurrency == .auto ? ConcurrencyPolicy() : nil
            )
        }
        let sampleCount = plan.configuration.run.samples
        let isCoordinator = layout.rank == .coordinator
        coordinator =
            isCoordinator
            ? Coordinator(
                problemCount: plan.problems.count,
                sampleCount: sampleCount,
                done: done,
                workers: layout.workers,
                shardProblems: plan.configuration.run.shardProblems
            )
            : nil
        reporter = ProgressReporter(
            sampleCount: sampleCount,
            doneCount: coordinator?.outcomes.count ?? 0
        )
    }

    /// Goes through the rounds until the run is complete, stopped or failed.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    mutating func run(
        world: borrowing Communicator,
        store: borrowing RunStore,
        signals: StopSignals
    ) throws -> EvaluationJob.Exit {
        desk?.open()
        var rows: [Episode] = []
        var failure: String?
        var lastWrite = ContinuousClock.now
        let roundTime = Duration.seconds(plan.configuration.run.roundSeconds)
        while true {
            let nextAgreement = ContinuousClock.now + Self.agreeInterval
            while ContinuousClock.now < nextAgreement {
                exchange(over: world, rows: &rows, failure: &failure)
                Thread.sleep(forTimeInterval: Self.lookInterval)
            }
            let mine = Heartbeat(
                hasFailed: failure != nil,
                isStopping: signals.received != nil,
                isComplete: coordinator?.isComplete ?? false,
                isStuck: coordinator?.isStuck ?? false,
                wantsWrite: coordinator != nil && ContinuousClock.now - lastWrite >= roundTime
            )
            let joined = try mine.agreed(over: world) {
                exchange(over: world, rows: &rows, failure: &failure)
            }
            if let coordinator { reporter.report(coordinator) }
            switch joined.decision {
            case .goOn: continue
            case .write:
                try append(&rows, world: world, store: store)
                lastWrite = .now
            case .finish, .stop, .fail:
                desk?.close()
                try append(&rows, world: world, store: store)
                return try end(joined, world: world, store: store, signals: signals)
            }
        }
    }

    /// Moves what can be moved without waiting: episodes out, messages both ways.
    ///
    /// A broken rule is noted, not thrown: the next agreement stops all ranks together.
    private mutating func exchange(
        over world: borrowing Communicator,
        rows: inout [Episode],
        failure: inout String?
    ) {
        guard failure == nil else { return }
        do {
            if let desk {
                let delivery = desk.collect()
                rows += delivery.episodes
                if let loss = delivery.loss {
                    logger.error("engine lost, work goes back", metadata: ["cause": "\(loss)"])
                }
                for message in delivery.messages {
                    try send(message, over: world)
                }
            }
            while let message = try world.poll() { try receive(message, over: world) }
        } catch {
            failure = "\(error)"
            logger.error("exchange failed", metadata: ["error": "\(error)"])
        }
    }

    private mutating func send(
        _ message: WorkerMessage,
        over world: borrowing Communicator
    ) throws {
        if coordinator != nil {
            try handle(message, from: layout.rank, over: world)
        } else {
            try world.send(
                message.bytes,
                to: Rank.coordinator.value,
                tag: MessageTag.toCoordinator.rawValue
            )
        }
    }

    private mutating func receive(
        _ message: IncomingMessage,
        over world: borrowing Communicator
    ) throws {
        switch MessageTag(rawValue: message.tag) {
        case .toCoordinator:
            try handle(
                WorkerMessage(bytes: message.bytes),
                from: Rank(message.source),
                over: world
            )
        case .toWorker: desk?.receive(try CoordinatorMessage(bytes: message.bytes))
        case nil: throw MalformedMessage(offset: 0, expected: "a known tag")
        }
    }

    private mutating func handle(
        _ message: WorkerMessage,
        from worker: Rank,
        over world: borrowing Communicator
    ) throws {
        if case .outcomes(let outcomes) = message { reporter.count(outcomes) }
        guard let outgoing = try coordinator?.handle(message, from: worker) else { return }
        for grant in outgoing {
            if grant.worker == layout.rank {
                desk?.receive(grant.message)
            } else {
                try world.send(
                    grant.message.bytes,
                    to: grant.worker.value,
                    tag: MessageTag.toWorker.rawValue
                )
            }
        }
    }

    private mutating func append(
        _ rows: inout [Episode],
        world: borrowing Communicator,
        store: borrowing RunStore
    ) throws {
        let now = ContinuousClock.now
        let sample = RankSample(
            round: roundIndex,
            rank: layout.rank,
            host: layout.view.node,
            gpu: gpu,
            inFlightCount: desk?.inFlightCount ?? 0,
            restartCount: desk?.engineRestartCount ?? 0,
            wallSeconds: (now - roundStart).seconds,
            endedAt: Date.now.timeIntervalSince1970,
            episodes: rows
        )
        roundStart = now
        try store.append(rows, sample: sample, world: world)
        logger.debug(
            "round written",
            metadata: ["round": "\(roundIndex)", "rows": "\(rows.count)"]
        )
        rows = []
        roundIndex += 1
    }

    private mutating func end(
        _ joined: Heartbeat,
        world: borrowing Communicator,
        store: borrowing RunStore,
        signals: StopSignals
    ) throws -> EvaluationJob.Exit {
        if let coordinator { reporter.report(coordinator, isLast: true) }
        switch joined.decision {
        case .finish:
            try store.pack(world: world)
            if let coordinator {
                RunTable.printTable(
                    of: coordinator.outcomes,
                    in: RunDirectory(path: store.directory)
                )
            }
            return .done
        case .stop:
            if let coordinator {
                Console.error(
                    "stopped by \(signals.received ?? "a signal at another rank"): "
                        + "\(coordinator.outcomes.count) of \(coordinator.taskCount) episodes are "
                        + "kept in \(store.directory); the same command goes on from there"
                )
            }
            return .interrupted
        default:
            if let coordinator {
                Console.error(
                    (joined.isStuck ? "no worker is left" : "a rank failed")
                        + ": \(coordinator.outcomes.count) of \(coordinator.taskCount) episodes are "
                        + "kept in \(store.directory); the same command goes on from there"
                )
            }
            return .failed
        }
    }
}

/// The kinds of messages between ranks.
private enum MessageTag: Int32 {
    case toCoordinator = 1
    case toWorker = 2
}
