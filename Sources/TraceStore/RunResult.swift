public import RolloutModel

/// The numbers of one run or of a part of it, with where they come from.
public struct RunResult: Hashable, Sendable {
    /// What it is called in the table: the run's directory, or a part's name.
    public let name: String
    /// The numbers.
    public let statistics: RunStatistics
    /// Their 95 % intervals; nil leaves them out.
    public let intervals: RunIntervals?
    /// How fast it was; nil for a part of a run, or when it was not asked for.
    public let throughput: RunThroughput?
    /// How much of it there is; nil where that is not known.
    public let extent: RunExtent?
    /// Right answers, failures outside the model left out.
    public let rightCount: Int
    /// The HDF5 file, or the run directory, that they were computed from.
    public let path: String

    /// The numbers of `outcomes`, which are called `name` and come from `path`.
    public init(
        name: String,
        outcomes: [EpisodeOutcome],
        hasIntervals: Bool = false,
        throughput: RunThroughput? = nil,
        extent: RunExtent? = nil,
        path: String
    ) {
        self.name = name
        self.path = path
        self.throughput = throughput
        self.extent = extent
        statistics = RunStatistics(outcomes)
        intervals = hasIntervals ? RunIntervals(outcomes) : nil
        rightCount = outcomes.count { RunStatistics.counts($0) && $0.outcome == .right }
    }
}
