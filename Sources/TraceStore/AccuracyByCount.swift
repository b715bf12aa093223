public import RolloutModel

/// How accuracy grows with the number of samples of a problem.
public struct AccuracyByCount: Hashable, Sendable {
    /// One number of samples.
    public struct Point: Hashable, Sendable {
        /// Samples, 1 or more.
        public let count: Int
        /// Share of problems, 0...1.
        public let value: Double
        /// Its 95 % interval, where there is one.
        public let interval: ClosedRange<Double>?
    }

    /// pass@k for k = 1...n (see `RunStatistics.passAt`).
    public let pass: [Point]
    /// Expected majority of k samples drawn without replacement, for powers of two and for n.
    ///
    /// Exact up to `RunStatistics.exactMajoritySamples` samples of a problem; beyond, and below n, a
    /// mean over random draws, which are the same in every call.
    public let majority: [Point]

    private static let drawCount = 100

    /// The curves of `outcomes`, in any order.
    public init(_ outcomes: [EpisodeOutcome]) {
        let statistics = RunStatistics(outcomes)
        let intervals = RunIntervals(outcomes)
        pass = statistics.passAt.enumerated().map { index, value in
            Point(count: index + 1, value: value, interval: intervals?.passAt[index])
        }
        let groups = Dictionary(
            grouping: outcomes.filter(RunStatistics.counts),
            by: \.task.problem
        ).sorted { $0.key < $1.key }.map { $0.value.sorted { $0.task < $1.task } }
        var random = RandomSource(seed: 20_250_103)
        majority = ResultLine.passCounts(statistics.sampleCount).map { count in
            let shares = groups.map { Self.majority($0, of: count, using: &random) }
            return Point(count: count, value: shares.mean, interval: nil)
        }
    }

    private static func majority(
        _ group: [EpisodeOutcome],
        of count: Int,
        using random: inout RandomSource
    ) -> Double {
        guard count < group.count else { return RunStatistics.majorityIsRight(group) }
        guard group.count > RunStatistics.exactMajoritySamples else {
            return RunStatistics.expectedMajority(group, of: count)
        }
        var drawn = group
        var sum = 0.0
        for _ in 0..<drawCount {
            // The first `count` places of a Fisher-Yates shuffle.
            for place in 0..<count {
                drawn.swapAt(place, Int.random(in: place..<drawn.count, using: &random))
            }
            sum += RunStatistics.majorityIsRight(Array(drawn[..<count]))
        }
        return sum / Double(drawCount)
    }
}
