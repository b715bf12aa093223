/// How much of a run there is.
public struct RunExtent: Hashable, Sendable {
    /// What is counted.
    public enum Unit: Hashable, Sendable {
        /// Attempts of an evaluation: those that end quickly are there first.
        case attempts
        /// Steps of training, each whole.
        case steps
    }

    /// What is counted.
    public let unit: Unit
    /// How many are stored, failed attempts included.
    public let madeCount: Int
    /// How many the run is to have, as its latest start said.
    public let wantedCount: Int

    /// So many of `wantedCount`; neither is below 0.
    public init(unit: Unit = .attempts, madeCount: Int, wantedCount: Int) {
        self.unit = unit
        self.madeCount = madeCount
        self.wantedCount = wantedCount
    }

    /// The attempts of an evaluation: so many samples of each problem; nil beyond the range of `Int`.
    public init?(madeCount: Int, problemCount: Int, sampleCount: Int) {
        let (wanted, isTooLarge) = problemCount.multipliedReportingOverflow(by: sampleCount)
        guard !isTooLarge else { return nil }
        self.init(madeCount: madeCount, wantedCount: wanted)
    }

    /// Whether some are missing.
    public var isUnfinished: Bool { madeCount < wantedCount }

    /// Share of what is wanted that is there, 0...1.
    public var share: Double {
        wantedCount > 0 ? min(1, Double(madeCount) / Double(wantedCount)) : 1
    }
}
