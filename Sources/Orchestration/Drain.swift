// How a job ends before its work does: a graceful stop lets attempts go on for a while, begins none
// that would not end in time, and keeps the rest unfinished. Pure: the clock's readings come in.

import RolloutModel

/// The end of a job, as far as it is known.
struct Drain: Sendable {
    /// Why a job ends early.
    enum Cause: Hashable, Sendable {
        case signal(String)
        case timeLimit
    }

    /// How long a graceful stop may take.
    let drainTime: Duration
    /// When the job must have ended, less what the last write needs; nil without a known end.
    let lastMoment: ContinuousClock.Instant?
    /// When attempts are cut off; nil while there is no reason to end.
    private(set) var deadline: ContinuousClock.Instant?

    /// - Parameters:
    ///   - drainTime: from the request to stop until attempts are cut off.
    ///   - timeLeft: until the end that the batch system has set; nil when there is none.
    ///   - reserve: what the last write needs.
    ///   - now: the clock's reading.
    init(
        drainTime: Duration,
        timeLeft: Duration?,
        reserve: Duration,
        now: ContinuousClock.Instant
    ) {
        self.drainTime = drainTime
        lastMoment = timeLeft.map { now + max(.zero, $0 - reserve) }
    }

    /// Whether attempts go on only until ``deadline``.
    var hasBegun: Bool { deadline != nil }

    /// Whether the known end has come so near that the stop must begin.
    func isDue(at now: ContinuousClock.Instant) -> Bool {
        lastMoment.map { $0 - now <= drainTime } ?? false
    }

    /// When ``isDue(at:)`` or ``isOver(at:)`` turns true next, if it does.
    var nextChange: ContinuousClock.Instant? { deadline ?? lastMoment.map { $0 - drainTime } }

    /// When ``isTooLate(for:at:)`` turns true, if it does.
    func lastStart(for expected: Duration) -> ContinuousClock.Instant? {
        (deadline ?? lastMoment).map { $0 - expected }
    }

    /// Begins the stop; every rank does it after the same agreement.
    mutating func begin(at now: ContinuousClock.Instant) {
        guard deadline == nil else { return }
        deadline = min(now + drainTime, lastMoment ?? now + drainTime)
    }

    /// Whether attempts are to be cut off.
    func isOver(at now: ContinuousClock.Instant) -> Bool { deadline.map { now >= $0 } ?? false }

    /// Whether an attempt that takes `expected` and is begun now would be cut off.
    func isTooLate(for expected: Duration, at now: ContinuousClock.Instant) -> Bool {
        (deadline ?? lastMoment).map { now + expected > $0 } ?? false
    }
}

/// How long attempts of this job take.
struct AttemptDurations: Sendable {
    private var seconds: [Double] = []
    private var nextLook = 1
    /// What nine of ten attempts have kept to; zero before the first has ended.
    private(set) var expected = Duration.zero

    /// Adds attempts that have ended.
    mutating func add(_ outcomes: [EpisodeOutcome]) {
        seconds += outcomes.map(\.wallSeconds)
        guard seconds.count >= nextLook else { return }
        // Sorting now and then: a twentieth more attempts hardly move the quantile.
        nextLook = seconds.count + max(1, seconds.count / 20)
        expected = .seconds(seconds.sorted()[min(seconds.count - 1, seconds.count * 9 / 10)])
    }
}
