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
    private let watchdog: Watchdog
    private let signals: StopSignals
    private let post: Post
    private var drain: Drain
    private var lead: Lead?
    private var rows: [Episode] = []
    private var failure: String?
    private var isHolding = false
    private var madeCount = 0
    private var roundIndex = 0
    private var roundStart = ContinuousClock.now
    private var lastMove = ContinuousClock.now
    private let gpu: String
    /// What the loop has cost this rank so far.
    private(set) var costs = RoundCosts()

    /// Between two looks, while messages and episodes come and when none has come for a while:
    /// a look costs what a few system calls cost, and ranks mostly wait.
    private static let lookInterval = (
        busy: Duration.milliseconds(5), quiet: Duration.milliseconds(20)
    )
    private static let quietAfter = Duration.milliseconds(100)
    private static let agreeInterval = Duration.milliseconds(100)

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
        self.layout = layout
        self.signals = signals
        self.watchdog = watchdog
        self.logger = logger
        self.gpu = gpu
        let run = plan.configuration.run
        drain = Drain(
            drainTime: .seconds(run.drainSeconds),
            // One clock decides for all ranks: the others' may be off.
            timeLeft: layout.rank == .coordinator ? BatchSystem.timeLeft() : nil,
            reserve: .seconds(run.reserveSeconds),
            now: .now
        )
        post = Post(
            desk: desk,
            kept: UnfinishedEpisodes(run: directory.path) { error in
                logger.error("unfinished attempts lost", metadata: ["cause": "\(error)"])
            },
            logger: logger
        )
        lead =
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
    }

    /// Goes through the rounds until the run is complete, stopped or failed.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    mutating func run(
        world: borrowing Communicator,
        store: borrowing RunStore
    ) throws -> EvaluationJob.Exit {
        post.desk?.open()
        while true {
            let nextAgreement = ContinuousClock.now + Self.agreeInterval
            while true {
                let before = movedCount
                exchange(over: world)
                let now = ContinuousClock.now
                if movedCount != before { lastMove = now }
                guard now < nextAgreement else { break }
                let isQuiet = now - lastMove > Self.quietAfter
                let look = isQuiet ? Self.lookInterval.quiet : Self.lookInterval.busy
                // Ranks that come to an agreement together need not wait in it for each other.
                Thread.sleep(forTimeInterval: min(look, nextAgreement - now).seconds)
            }
            let mine = heartbeat(at: .now)
            let joined = try mine.agreed(over: world) { exchange(over: world) }
            costs.agreementCount += 1
            watchdog.beat("the ranks come to an agreement")
            if joined.contains(.reporting) || joined.decision == .giveUp { report() }
            if joined.contains(.draining), !drain.hasBegun { beginDrain(at: .now) }
            if joined.contains(.holding), !isHolding { hold(over: world) }
            lead?.show()
            switch joined.decision {
            case .goOn: continue
            case .write:
                try append(world: world, store: store)
                lead?.hasWritten()
            case .finish, .stop, .fail, .giveUp:
                return try end(joined, world: world, store: store)
            }
        }
    }

    /// Messages and episodes that have passed.
    private var movedCount: Int {
        costs.received.count + costs.sent.count + madeCount + rows.count
    }

    /// What this rank brings to the next agreement.
    private mutating func heartbeat(at now: ContinuousClock.Instant) -> Heartbeat {
        var mine: Heartbeat = []
        if failure != nil { mine.insert(.failed) }
        if signals.received != nil || drain.isDue(at: now) { mine.insert(.draining) }
        if signals.isUrgent || drain.isOver(at: now) { mine.insert(.stopping) }
        if signals.takeReportRequest() { mine.insert(.reporting) }
        if let lead = lead?.heartbeat(drain: drain, at: now) { mine.formUnion(lead) }
        return mine
    }

    private mutating func beginDrain(at now: ContinuousClock.Instant) {
        drain.begin(at: now)
        guard lead != nil, !signals.isUrgent, let deadline = drain.deadline else { return }
        Console.progress(
            "\(signals.received ?? "the time limit is near"): attempts go on for up to "
                + "\(Int((deadline - now).seconds.rounded())) s, then the rest is kept unfinished"
        )
    }

    /// Gives back what has not begun: it would be cut off.
    private mutating func hold(over world: borrowing Communicator) {
        isHolding = true
        guard let message = post.desk?.hold() else { return }
        guarded { this in try this.send(message, over: world) }
    }

    private func report() {
        let own = post.desk?.report ?? "no attempts here"
        let held = lead.map { "; rank 0: \($0.report)" } ?? ""
        Console.progress("rank \(layout.rank) on \(layout.view.node): \(own)\(held)")
    }

    /// Moves what can be moved without waiting: episodes out, messages both ways.
    private mutating func exchange(over world: borrowing Communicator) {
        guarded { this in
            if let delivery = this.post.desk?.collect() {
                this.rows += delivery.episodes
                if let loss = delivery.loss {
                    this.logger.error("engine lost, work goes back", metadata: ["cause": "\(loss)"])
                }
                for message in delivery.messages { try this.send(message, over: world) }
            }
            guard let first = try world.poll() else { return }
            let start = RoundCosts.processorSeconds
            try this.receive(first, over: world)
            while let message = try world.poll() { try this.receive(message, over: world) }
            this.costs.messageSeconds += RoundCosts.processorSeconds - start
        }
    }

    /// A broken rule is noted, not thrown: the next agreement stops all ranks together.
    private mutating func guarded(_ body: (inout RoundLoop) throws -> Void) {
        guard failure == nil else { return }
        do {
            try body(&self)
        } catch {
            failure = "\(error)"
            logger.error("exchange failed", metadata: ["error": "\(error)"])
        }
    }

    private mutating func send(
        _ message: WorkerMessage,
        over world: borrowing Communicator
    ) throws {
        if lead != nil {
            try handle(message, from: layout.rank, over: world)
        } else {
            let bytes = message.bytes
            costs.sent.add(bytes)
            try world.send(
                bytes,
                to: Rank.coordinator.value,
                tag: MessageTag.toCoordinator.rawValue
            )
        }
    }

    private mutating func receive(
        _ message: IncomingMessage,
        over world: borrowing Communicator
    ) throws {
        costs.received.add(message.bytes)
        switch MessageTag(rawValue: message.tag) {
        case .toCoordinator:
            try handle(
                WorkerMessage(bytes: message.bytes),
                from: Rank(message.source),
                over: world
            )
        case .toWorker: post.receive(try CoordinatorMessage(bytes: message.bytes))
        case nil: throw MalformedMessage(offset: 0, expected: "a known tag")
        }
    }

    private mutating func handle(
        _ message: WorkerMessage,
        from worker: Rank,
        over world: borrowing Communicator
    ) throws {
        for grant in try lead?.handle(message, from: worker) ?? [] {
            if grant.worker == layout.rank {
                post.receive(grant.message)
            } else {
                let bytes = grant.message.bytes
                costs.sent.add(bytes)
                try world.send(
                    bytes,
                    to: grant.worker.value,
                    tag: MessageTag.toWorker.rawValue
                )
            }
        }
    }

    private mutating func append(
        world: borrowing Communicator,
        store: borrowing RunStore
    ) throws {
        watchdog.beat("round \(roundIndex) is written")
        let now = ContinuousClock.now
        let sample = RankSample(
            round: roundIndex,
            rank: layout.rank,
            host: layout.view.node,
            gpu: gpu,
            inFlightCount: post.desk?.inFlightCount ?? 0,
            restartCount: post.desk?.engineRestartCount ?? 0,
            wallSeconds: (now - roundStart).seconds,
            endedAt: Date.now.timeIntervalSince1970,
            episodes: rows
        )
        roundStart = now
        let processorStart = RoundCosts.processorSeconds
        try store.append(rows, sample: sample, world: world)
        costs.writeSeconds += RoundCosts.processorSeconds - processorStart
        costs.writeCount += 1
        logger.debug(
            "round written",
            metadata: ["round": "\(roundIndex)", "rows": "\(rows.count)"]
        )
        madeCount += rows.count
        rows = []
        roundIndex += 1
    }

    private mutating func end(
        _ joined: Heartbeat,
        world: borrowing Communicator,
        store: borrowing RunStore
    ) throws -> EvaluationJob.Exit {
        let rest = post.desk?.close()
        rows += rest?.episodes ?? []
        lead?.count(late: rest?.episodes ?? [])
        try append(world: world, store: store)
        if joined.decision == .finish {
            watchdog.beat("the traces are packed")
            let start = RoundCosts.processorSeconds
            try store.pack(world: world)
            costs.packSeconds = RoundCosts.processorSeconds - start
            lead?.finish(in: RunDirectory(path: store.directory))
            return .done
        }
        let records = rest?.records ?? []
        watchdog.beat("unfinished attempts are written")
        try store.keep(unfinished: records, world: world)
        let counts = try world.agree(
            [Int64(madeCount), Int64(post.advance(records)), Int64(records.count)],
            by: .sum
        )
        let hasAdvanced = counts[0] + counts[1] > 0
        let reason =
            switch joined.decision {
            case .stop: "stopped by \(signals.received ?? "the time limit")"
            case .giveUp: "nothing has advanced for \(Int(plan.configuration.run.stallSeconds)) s"
            default: joined.contains(.stuck) ? "no worker is left" : "a rank failed"
            }
        lead?.end(
            joined.decision == .stop ? .interrupted : .failed,
            reason,
            unfinishedCount: Int(counts[2]),
            directory: store.directory
        )
        switch joined.decision {
        case .stop: return hasAdvanced ? .interrupted : .interruptedWithoutProgress
        case .giveUp: return .stalled
        default: return .failed
        }
    }
}

/// The kinds of messages between ranks.
private enum MessageTag: Int32 {
    case toCoordinator = 1
    case toWorker = 2
}
