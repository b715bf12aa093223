/// The time that a snippet has taken and how much it may take.
///
/// Two limits. Processor time is what a snippet costs and does not depend on how busy the machine is.
/// The wider one on the wall clock ends what waits instead of computing; time in which the process
/// would have run, had there been a processor for it, does not count.
struct SnippetTime {
    /// Which limit has been met.
    enum Limit: Sendable, Equatable { case processor, wall }

    /// What a look has found.
    enum Finding: Equatable {
        case over(Limit)
        /// There is nothing to see before this moment.
        case lookAgain(ContinuousClock.Instant)
    }

    let processorLimit: Duration
    let wallLimit: Duration
    /// The process's processor time when the snippet began.
    private let processorBefore: Duration
    private let started: ContinuousClock.Instant
    /// When the next look is to be.
    private(set) var due: ContinuousClock.Instant
    /// The most between two looks, for what else is looked at.
    private let interval: Duration?
    /// Wall-clock time that does not count, but for that in the kernel's queue.
    private var excused = Duration.zero
    /// Time in the kernel's queue before the first look, which a short snippet is not asked for.
    private var queuedBefore: Duration?

    /// Looks are not closer together than this.
    private static let shortest = Duration.milliseconds(1)

    init(
        processorLimit: Duration,
        wallLimit: Duration,
        processorBefore: Duration,
        started: ContinuousClock.Instant,
        interval: Duration? = nil
    ) {
        self.processorLimit = processorLimit
        self.wallLimit = wallLimit
        self.processorBefore = processorBefore
        self.started = started
        self.interval = interval
        due = started + min(processorLimit, wallLimit, interval ?? wallLimit)
    }

    /// Processor time since the snippet's beginning.
    func processorTime(until now: Duration) -> Duration { max(.zero, now - processorBefore) }

    /// Looks at the clocks, not before ``due``: at the process's processor time until now, which may be
    /// unknown, and at how long it has waited for a processor until now, where the kernel tells.
    mutating func look(
        at now: ContinuousClock.Instant,
        processor: Duration?,
        queued: Duration?
    ) -> Finding {
        // This program did not run either: it or the machine was stopped, or very busy.
        excused += now - due
        let used = processorTime(until: processor ?? processorBefore)
        if used >= processorLimit { return .over(.processor) }
        let queuedBefore = self.queuedBefore ?? queued
        self.queuedBefore = queuedBefore
        var waited = now - started - excused
        if let queued, let queuedBefore { waited -= max(.zero, queued - queuedBefore) }
        if waited >= wallLimit { return .over(.wall) }
        // One thread takes no more processor time than passes on the wall clock.
        let patience = min(processorLimit - used, wallLimit - waited, interval ?? wallLimit)
        due = now + max(Self.shortest, patience)
        return .lookAgain(due)
    }
}
