/// One attempt to make: which problem, and which of its samples.
///
/// The pair is the key of the whole run: it is handed out once, comes back once, and seeds
/// everything random in the attempt, so that no result depends on placement.
public struct EpisodeTask: Hashable, Comparable, Sendable {
    /// The problem to solve.
    public let problem: ProblemIndex
    /// The attempt at it.
    public let sample: SampleIndex

    /// The attempt `sample` at `problem`.
    public init(problem: ProblemIndex, sample: SampleIndex) {
        self.problem = problem
        self.sample = sample
    }

    /// Data-set order, then sample order.
    public static func < (left: EpisodeTask, right: EpisodeTask) -> Bool {
        (left.problem, left.sample) < (right.problem, right.sample)
    }

    /// The seed of one turn, the same on every rank and in every rerun.
    ///
    /// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) over the run's seed and the position, cut to
    /// 63 bits because servers take a signed seed.
    ///
    /// - Parameters:
    ///   - runSeed: the seed of the run's configuration.
    ///   - turnIndex: zero-based model turn of the attempt.
    /// - Returns: `0..<2^63`.
    public func seed(runSeed: UInt64, turnIndex: Int) -> UInt64 {
        var state = runSeed
        for part in [problem.value, sample.value, turnIndex] {
            state = Self.mixed(state &+ Self.mixed(UInt64(truncatingIfNeeded: part) &+ 1))
        }
        return state >> 1
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
