// The heartbeat of every rank: exchange (point to point) -> agree (all-reduce; its value alone
// decides), again and again until there is something to decide. Attempts go on underneath.

import Configuration
private import Foundation
import Logging
import MPI
import RolloutModel
import TraceStore

/// One rank's conversation with the others.
struct Exchange: ~Copyable {
    /// This rank's place among the others.
    let layout: RankLayout
    /// This rank's worker.
    let post: Post
    /// Signals that ask to stop.
    let signals: StopSignals
    /// How the job ends before its work does.
    private(set) var drain: Drain
    /// What rank 0 has beyond the others.
    var lead: Lead?
    private let logger: Logger
    private let watchdog: Watchdog
    private var rows = EpisodeBatch()
    private var failure: String?
    private var isHolding = false
    private var wantsReport = false
    /// What this rank brought to the last agreement.
    private var lastBrought: Heartbeat = []

    private var lastMove = ContinuousClock.now
    /// What this rank has spent so far.
    var costs = RoundCosts()

    /// Between two looks, while messages and episodes come and when none has come for a while:
    /// a look costs what a few system calls cost, and ranks mostly wait.
    private static let lookInterval = (
        busy: Duration.milliseconds(5), quiet: Duration.milliseconds(20)
    )
    private static let quietAfter = Duration.milliseconds(100)
    /// Between two agreements: whoever has something to decide waits for the others, but a rank alone
    /// for nobody.
    private static let agreeInterval = (
        together: Duration.milliseconds(100), alone: Duration.seconds(5)
    )

    /// The conversation of the rank at `layout`.
    init(
        layout: RankLayout,
        post: Post,
        lead: consuming Lead?,
        run: RunSection,
        signals: StopSignals,
        watchdog: Watchdog,
        logger: Logger
    ) {
        self.layout = layout
        self.post = post
        self.lead = lead
        self.signals = signals
        self.watchdog = watchdog
        self.logger = logger
        if let bell = post.desk?.bell { signals.ring(bell) }
        drain = Drain(
            drainTime: .seconds(run.drainSeconds),
            // One clock decides for all ranks: the others' may be off.
            timeLeft: layout.rank == .coordinator ? BatchSystem.timeLeft() : nil,
            reserve: .seconds(run.reserveSeconds),
            now: .now
        )
    }

    /// Talks until the ranks have something to decide: never `goOn`.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    /// - Parameters:
    ///   - world: all ranks of the job.
    ///   - waiting: what this rank brings while something else than attempts is waited for; the wait
    ///     is over when rank 0 brings `complete` and nobody `busy`.
    /// - Returns: what the ranks brought together.
    /// - Throws: a failure of MPI.
    mutating func next(
        over world: borrowing Communicator,
        waiting: (() -> Heartbeat)? = nil
    ) throws -> Heartbeat {
        // What led to a decision has been acted on; should it still hold, it is news.
        lastBrought = []
        while true {
            let isAlone = layout.rankCount == 1
            let interval = isAlone ? Self.agreeInterval.alone : Self.agreeInterval.together
            var nextAgreement = ContinuousClock.now + interval
            if isAlone, let lead { nextAgreement = min(nextAgreement, lead.nextShow) }
            while true {
                exchange(over: world)
                watchdog.beat("the ranks come to an agreement")
                let awaited = waiting?()
                if let awaited, awaited.contains(.complete), !awaited.contains(.busy) { break }
                let now = ContinuousClock.now
                guard now < nextAgreement else { break }
                if isAlone, heartbeat(at: now, waiting: awaited) != lastBrought { break }
                rest(until: nextAgreement, isWaiting: waiting != nil)
            }
            let mine = heartbeat(at: .now, waiting: waiting?())
            lastBrought = mine
            let joined = try mine.agreed(over: world) { exchange(over: world) }
            costs.agreementCount += 1
            watchdog.beat("the ranks come to an agreement")
            if joined.contains(.reporting) || joined.decision == .giveUp { report() }
            if mine.contains(.reporting) {
                wantsReport = false
                lastBrought.remove(.reporting)
            }
            if joined.contains(.draining), !drain.hasBegun { beginDrain(at: .now) }
            if joined.contains(.holding), !isHolding { hold(over: world) }
            lead?.show()
            if joined.decision != .goOn { return joined }
        }
    }

    /// Does nothing until there may be something to do, at most until `nextAgreement`.
    ///
    /// Ranks that come to an agreement together need not wait in it for each other. An attempt's end and
    /// a signal ring.
    private func rest(until nextAgreement: ContinuousClock.Instant, isWaiting: Bool) {
        let now = ContinuousClock.now
        // What the clock brings rings no bell.
        let changes = (lead?.changes(drain: drain) ?? []) + [drain.nextChange].compactMap(\.self)
        let next = changes.filter { $0 > now }.min() ?? nextAgreement
        var limit = min(nextAgreement, next) - now
        if layout.rankCount > 1 || isWaiting {
            // MPI tells nobody that a message has come: it has to be asked.
            let isQuiet = !isWaiting && now - lastMove > Self.quietAfter
            limit = min(limit, isQuiet ? Self.lookInterval.quiet : Self.lookInterval.busy)
        }
        if let bell = post.desk?.bell {
            bell.wait(atMost: limit)
        } else {
            Thread.sleep(forTimeInterval: max(0, limit.seconds))
        }
    }

    /// What came out of this rank's worker since the last call.
    mutating func takeRows() -> EpisodeBatch {
        defer { rows = EpisodeBatch() }
        return rows
    }

    /// Sends what rank 0 hands out.
    mutating func send(
        _ grants: [Coordinator.Outgoing],
        over world: borrowing Communicator
    ) throws {
        for grant in grants {
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

    /// What this rank brings to the next agreement.
    private mutating func heartbeat(
        at now: ContinuousClock.Instant,
        waiting: Heartbeat?
    ) -> Heartbeat {
        var mine = waiting ?? []
        if failure != nil { mine.insert(.failed) }
        if signals.received != nil || drain.isDue(at: now) { mine.insert(.draining) }
        if signals.isUrgent || drain.isOver(at: now) { mine.insert(.stopping) }
        if signals.takeReportRequest() { wantsReport = true }
        if wantsReport { mine.insert(.reporting) }
        if let lead = lead?.heartbeat(drain: drain, isGenerating: waiting == nil, at: now) {
            mine.formUnion(lead)
        }
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
                this.rows.append(delivery.episodes)
                if !delivery.messages.isEmpty { this.lastMove = .now }
                if let loss = delivery.loss {
                    this.logger.error("worker lost, work goes back", metadata: ["cause": "\(loss)"])
                }
                for message in delivery.messages { try this.send(message, over: world) }
            }
            guard let first = try world.poll() else { return }
            let start = RoundCosts.processorSeconds
            try this.receive(first, over: world)
            while let message = try world.poll() { try this.receive(message, over: world) }
            this.costs.messageSeconds += RoundCosts.processorSeconds - start
            this.lastMove = .now
        }
    }

    /// A broken rule is noted, not thrown: the next agreement stops all ranks together.
    private mutating func guarded(_ body: (inout Exchange) throws -> Void) {
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
        try send(try lead?.handle(message, from: worker) ?? [], over: world)
    }
}

/// The kinds of messages between ranks.
private enum MessageTag: Int32 {
    case toCoordinator = 1
    case toWorker = 2
}
