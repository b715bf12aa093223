// `engine.concurrency: auto`: growth while the engine has room, quick retreat when
// requests wait or are pre-empted. Multiplicative both ways, because the right number differs by
// three orders of magnitude between a laptop and a large GPU.

import Inference

/// How many attempts a worker lets go on at once, found from its engine's load.
struct ConcurrencyPolicy: Hashable, Sendable {
    /// The bound now.
    private(set) var limit = Self.start

    private var preemptionCount: Int?

    private static let start = 16
    private static let least = 4
    /// More episodes than any engine of one rank can hold.
    static let most = 2048
    /// Share of the key-value cache above which a larger number would only cause pre-emption.
    private static let fullCache = 0.85
    private static let growth = 1.25
    private static let retreat = 0.8

    /// Takes one look at the engine into account.
    ///
    /// - Parameters:
    ///   - load: what the engine says.
    ///   - runningCount: attempts going on now: growth needs a limit that is really reached.
    mutating func observe(_ load: EngineMetrics, runningCount: Int) {
        let wasPreempted = preemptionCount.map { load.preemptionCount > $0 } ?? false
        preemptionCount = load.preemptionCount
        if wasPreempted || load.waitingCount > 0 {
            limit = max(Self.least, Int(Double(limit) * Self.retreat))
        } else if load.cacheUse < Self.fullCache, runningCount >= limit {
            limit = min(Self.most, Int((Double(limit) * Self.growth).rounded(.up)))
        }
    }
}
