public import RolloutModel

/// The difference between two runs over the problems they share, paired by problem.
public struct RunComparison: Sendable {
    /// One run: its problems and what became of them.
    public struct Side: Sendable {
        /// The problems, in data-set order.
        public let problems: [Problem]
        /// The episodes.
        public let outcomes: [EpisodeOutcome]

        /// A run.
        public init(problems: [Problem], outcomes: [EpisodeOutcome]) {
            self.problems = problems
            self.outcomes = outcomes
        }
    }

    /// A difference of means, second run minus first.
    public struct Difference: Hashable, Sendable {
        /// Mean of the first run over the shared problems.
        public let first: Double
        /// Mean of the second run over the shared problems.
        public let second: Double
        /// 95 % interval of the difference: percentile bootstrap over problems.
        public let interval: ClosedRange<Double>
        /// Two-sided p-value of no difference: the signs of the problems' differences drawn at random
        /// (Fisher's permutation test for pairs), 10,000 draws.
        public let pValue: Double

        /// The second mean minus the first.
        public var change: Double { second - first }
    }

    /// Problems that both runs have counted episodes of, by id.
    public let sharedCount: Int
    /// Problems of one run alone.
    public let unsharedCount: Int
    /// Share of right answers within a problem.
    public let accuracy: Difference
    /// Whether a problem's majority is right.
    public let majority: Difference
    /// Mean sampled tokens within a problem.
    public let outputTokens: Difference
    /// Ids of problems whose majority became right, in the first run's order.
    public let becameRight: [String]
    /// Ids of problems whose majority was right and is no more, in the first run's order.
    public let becameWrong: [String]

    /// Compares `second` with `first`; nil when they share no problem.
    public init?(_ first: Side, _ second: Side) {
        let left = Self.groups(first)
        let right = Self.groups(second)
        let shared = first.problems.map(\.id).filter { left[$0] != nil && right[$0] != nil }
        guard !shared.isEmpty else { return nil }
        let pairs = shared.map { (left[$0] ?? [], right[$0] ?? []) }
        sharedCount = shared.count
        unsharedCount = Set(left.keys).symmetricDifference(right.keys).count
        func difference(_ value: ([EpisodeOutcome]) -> Double) -> Difference {
            Difference(pairs.map { (value($0.0), value($0.1)) })
        }
        accuracy = difference { group in
            Double(group.count { $0.outcome == .right }) / Double(group.count)
        }
        majority = difference(RunStatistics.majorityIsRight)
        outputTokens = difference { group in group.map { Double($0.outputTokenCount) }.mean }
        let majorities = pairs.map {
            (RunStatistics.majorityIsRight($0.0), RunStatistics.majorityIsRight($0.1))
        }
        becameRight = zip(shared, majorities).filter { $1.0 < 0.5 && $1.1 >= 0.5 }.map(\.0)
        becameWrong = zip(shared, majorities).filter { $1.0 >= 0.5 && $1.1 < 0.5 }.map(\.0)
    }

    /// The counted episodes of each problem, by id.
    private static func groups(_ side: Side) -> [String: [EpisodeOutcome]] {
        let counted = side.outcomes.filter {
            RunStatistics.counts($0) && $0.task.problem.value < side.problems.count
        }
        return Dictionary(grouping: counted) { side.problems[$0.task.problem.value].id }
    }
}

extension RunComparison.Difference {
    /// The difference over pairs of one value per problem; at least one pair.
    init(_ pairs: [(Double, Double)]) {
        first = pairs.map(\.0).mean
        second = pairs.map(\.1).mean
        let changes = pairs.map { $0.1 - $0.0 }
        var random = RandomSource(seed: 20_250_102)
        let draws = (0..<2000).map { _ in
            changes.indices.map { _ in
                changes[Int.random(in: changes.indices, using: &random)]
            }.mean
        }.sorted()
        interval = draws.quantile(0.025)...draws.quantile(0.975)
        let observed = changes.mean.magnitude
        // Rounding must not turn a draw that equals the observation into a smaller one.
        let threshold = observed - 1e-12 * max(1, observed)
        let drawCount = 10_000
        var extremeCount = 0
        for _ in 0..<drawCount {
            var sum = 0.0
            for change in changes { sum += random.next() & 1 == 0 ? change : -change }
            if (sum / Double(changes.count)).magnitude >= threshold { extremeCount += 1 }
        }
        // With the observation itself among the draws a p-value is never 0 (Phipson, Smyth, 2010).
        pValue = Double(extremeCount + 1) / Double(drawCount + 1)
    }
}
