/// How accuracy grows with the number of samples of a problem.
public struct AccuracyByCount: Hashable, Sendable {
    /// One number of samples.
    public struct Point: Hashable, Sendable {
        /// Samples, 1 or more.
        public let count: Int
        /// Share of problems, 0...1, of those with ``count`` counted samples.
        public let value: Double
        /// Its 95 % interval, where there is one: for powers of two and n.
        public let interval: ClosedRange<Double>?
        /// Problems with fewer counted samples, which are left out.
        public let leftOutCount: Int
    }

    /// pass@k for k = 1...n.
    public let pass: [Point]
    /// pass^k for k = 1...n.
    public let allRight: [Point]
    /// Expected majority of k samples drawn without replacement, for powers of two and for n.
    ///
    /// Exact up to ``RunStatistics/exactMajoritySamples`` samples of a problem; beyond, and below n, a
    /// mean over random draws, which are the same in every call.
    public let majority: [Point]

    private static let drawCount = 100

    /// The curves of `outcomes`, in any order.
    public init(_ outcomes: [EpisodeOutcome]) {
        let statistics = RunStatistics(outcomes)
        let intervals = RunIntervals(outcomes)
        func points(_ values: [Double], _ ranges: [Int: ClosedRange<Double>]?) -> [Point] {
            values.indices.map { index in
                Point(
                    count: index + 1,
                    value: values[index],
                    interval: ranges?[index + 1],
                    leftOutCount: statistics.leftOutAt[index]
                )
            }
        }
        pass = points(statistics.passAt, intervals?.passAt)
        allRight = points(statistics.allRightAt, intervals?.allRightAt)
        let groups = CountedProblems(outcomes).groups
        var random = RandomSource(seed: 20_250_103)
        majority = RunStatistics.shownCounts(statistics.sampleCount).map { count in
            let large = groups.filter { $0.count >= count }
            return Point(
                count: count,
                value: large.map { Self.majority($0, of: count, using: &random) }.mean,
                interval: nil,
                leftOutCount: groups.count - large.count
            )
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
