// The rounds of an evaluation: exchange and agree -> append (collective; zero rows is normal).
// Attempts go on underneath, so a straggler holds up no write and no GPU.

private import Foundation
import Logging
import MPI
import RolloutModel
import Rollouts
import TraceStore

/// The rounds of one rank, from the first shard to the packed file.
struct RoundLoop: ~Copyable {
    private let plan: JobPlan
    private let logger: Logger
    private let watchdog: Watchdog
    private var exchange: Exchange
    private var madeCount = 0
    private var roundIndex = 0
    private var roundStart = ContinuousClock.now
    private let gpu: String
    /// What the rounds have cost this rank so far.
    var costs: RoundCosts { exchange.costs }

    /// Rounds with a worker's `desk`, which is nil on a rank that makes no attempts, and its `gpu`.
    ///
    /// `done` are, on rank 0, the outcomes that the run directory holds already.
    init(
        plan: JobPlan,
        layout: RankLayout,
        desk: WorkerDesk?,
        gpu: String,
        done: [EpisodeOutcome],
        directory: RunDirectory,
        signals: StopSignals,
        watchdog: Watchdog,
        logger: Logger
    ) throws {
        self.plan = plan
        self.watchdog = watchdog
        self.logger = logger
        self.gpu = gpu
        let run = plan.configuration.run
        let post = Post(
            desk: desk,
            kept: UnfinishedEpisodes(run: directory.path) { error in
                logger.error("unfinished attempts lost", metadata: ["cause": "\(error)"])
            },
            logger: logger
        )
        let lead =
            layout.rank == .coordinator
            ? Lead(
                coordinator: Coordinator(
                    problemCount: plan.problems.count,
                    sampleCount: run.samples,
                    done: done,
                    workers: layout.workers,
                    shardProblems: run.shardProblems,
                    order: plan.order
                ),
                reporter: ProgressReporter(
                    problemCount: plan.problems.count,
                    sampleCount: run.samples,
                    done: done,
                    file: ProgressFile(path: directory.progressPath)
                ),
                roundTime: .seconds(run.roundSeconds),
                stallTime: .seconds(run.stallSeconds)
            ) : nil
        exchange = Exchange(
            layout: layout,
            post: post,
            lead: lead,
            run: run,
            signals: signals,
            watchdog: watchdog,
            logger: logger
        )
    }

    /// Goes through the rounds until the run is complete, stopped or failed.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    mutating func run(
        world: borrowing Communicator,
        store: borrowing RunStore
    ) throws -> JobExit {
        exchange.post.desk?.open()
        while true {
            let joined = try exchange.next(over: world)
            switch joined.decision {
            case .goOn: continue
            case .write:
                try append(world: world, store: store)
                exchange.lead?.hasWritten()
            case .finish, .stop, .fail, .giveUp:
                return try end(joined, world: world, store: store)
            }
        }
    }

    /// Writes what has come out, and the `rest` that came last.
    private mutating func append(
        _ rest: [Episode] = [],
        world: borrowing Communicator,
        store: borrowing RunStore
    ) throws {
        watchdog.beat("round \(roundIndex) is written")
        var rows = exchange.takeRows()
        rows.append(rest)
        let now = ContinuousClock.now
        let sample = RankSample(
            round: roundIndex,
            rank: exchange.layout.rank,
            host: exchange.layout.view.node,
            gpu: gpu,
            inFlightCount: exchange.post.desk?.inFlightCount ?? 0,
            restartCount: exchange.post.desk?.engineRestartCount ?? 0,
            wallSeconds: (now - roundStart).seconds,
            endedAt: Date.now.timeIntervalSince1970,
            episodes: rows.episodes
        )
        roundStart = now
        let processorStart = RoundCosts.processorSeconds
        try store.append(rows, sample: sample, world: world)
        exchange.costs.writeSeconds += RoundCosts.processorSeconds - processorStart
        exchange.costs.writeCount += 1
        logger.debug(
            "round written",
            metadata: ["round": "\(roundIndex)", "rows": "\(rows.episodes.count)"]
        )
        madeCount += rows.episodes.count
        roundIndex += 1
    }

    private mutating func end(
        _ joined: Heartbeat,
        world: borrowing Communicator,
        store: borrowing RunStore
    ) throws -> JobExit {
        let rest = exchange.post.desk?.close()
        exchange.lead?.count(late: rest?.episodes ?? [])
        try append(rest?.episodes ?? [], world: world, store: store)
        if joined.decision == .finish {
            watchdog.beat("the traces are packed")
            let start = RoundCosts.processorSeconds
            try store.pack(world: world)
            exchange.costs.packSeconds = RoundCosts.processorSeconds - start
            exchange.lead?.finish(in: RunDirectory(path: store.directory))
            return .done
        }
        let records = rest?.records ?? []
        watchdog.beat("unfinished attempts are written")
        try store.keep(unfinished: records, world: world)
        let counts = try world.agree(
            [Int64(madeCount), Int64(exchange.post.advance(records))],
            by: .sum
        )
        let unfinished = try Post.tasks(of: records, world: world)
        let hasAdvanced = counts[0] + counts[1] > 0
        let reason =
            switch joined.decision {
            case .stop: "stopped by \(exchange.signals.received ?? "the time limit")"
            case .giveUp: "nothing has advanced for \(Int(plan.configuration.run.stallSeconds)) s"
            default: joined.contains(.stuck) ? "no worker is left" : "a rank failed"
            }
        exchange.lead?.end(
            joined.decision == .stop ? .interrupted : .failed,
            reason,
            madeCount: Int(counts[0]),
            unfinished: unfinished,
            directory: store.directory
        )
        switch joined.decision {
        case .stop: return hasAdvanced ? .interrupted : .interruptedWithoutProgress
        case .giveUp: return .stalled
        default: return .failed
        }
    }
}
