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
        /// 95 % interval of the difference; nil where none can be told (lengths of which all problems
        /// differ alike, or one problem).
        public let interval: ClosedRange<Double>?
        /// Two-sided p-value of no difference (``SignFlipTest``).
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
    /// Problems and samples that it takes to tell one point of accuracy apart; nil for one problem.
    public let power: PairedPower?
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
        accuracy = Difference(
            rates: pairs.map { (Self.tally($0.0).rate, Self.tally($0.1).rate) }
        )
        majority = Difference(
            rates: pairs.map {
                (RunStatistics.majorityIsRight($0.0), RunStatistics.majorityIsRight($0.1))
            }
        )
        outputTokens = Difference(
            lengths: pairs.map { (Self.meanLength($0.0), Self.meanLength($0.1)) }
        )
        power = PairedPower.ofPair(pairs.map { (Self.tally($0.0), Self.tally($0.1)) })
        let majorities = pairs.map {
            (RunStatistics.majorityIsRight($0.0), RunStatistics.majorityIsRight($0.1))
        }
        becameRight = zip(shared, majorities).filter { $1.0 < 0.5 && $1.1 >= 0.5 }.map(\.0)
        becameWrong = zip(shared, majorities).filter { $1.0 >= 0.5 && $1.1 < 0.5 }.map(\.0)
    }

    private static func tally(_ group: [EpisodeOutcome]) -> PairedPower.Tally {
        .init(rightCount: group.count { $0.outcome == .right }, sampleCount: group.count)
    }

    private static func meanLength(_ group: [EpisodeOutcome]) -> Double {
        group.map { Double($0.outputTokenCount) }.mean
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
    /// The difference of rates, 0...1 each, one pair for each problem; at least one pair.
    init(rates pairs: [(Double, Double)]) {
        self.init(pairs) { PairedInterval.interval(of: $0) }
    }

    /// The difference of lengths, one pair for each problem; at least one pair.
    init(lengths pairs: [(Double, Double)]) {
        self.init(pairs) { changes in
            Bootstrap.interval(of: changes, over: changes.map { _ in 1 })
        }
    }

    private init(
        _ pairs: [(Double, Double)],
        interval: ([Double]) -> ClosedRange<Double>?
    ) {
        first = pairs.map(\.0).mean
        second = pairs.map(\.1).mean
        let changes = pairs.map { $0.1 - $0.0 }
        self.interval = interval(changes)
        pValue = SignFlipTest.pValue(changes)
    }
}
