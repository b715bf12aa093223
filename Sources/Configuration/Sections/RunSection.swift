/// `run`: how much to do.
public struct RunSection: Hashable, Sendable, Codable {
    /// Seeds everything random, `0..<2^64`.
    public var seed: UInt64 = 0
    /// Attempts at each problem (k), 1 or more.
    public var samples = 4
    /// Time between two collective writes, seconds, above 0.
    public var roundSeconds = 10.0
    /// Problems given to a worker at once; 0 chooses by the size of the run.
    public var shardProblems = 0

    /// All defaults.
    public init() {}
}

extension RunSection: ConfigurationSection {
    static var initial: Self { Self() }

    static var keys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey("seed", \.seed, "Seeds everything random in the run."),
            ConfigurationKey(
                "samples",
                \.samples,
                must: .atLeast(1),
                "Attempts at each problem: the k of majority@k and pass@k."
            ),
            ConfigurationKey(
                "round_seconds",
                \.roundSeconds,
                must: .above(0, upTo: 86_400),
                scope: .placement,
                "Seconds between two collective writes; what a killed job may lose."
            ),
            ConfigurationKey(
                "shard_problems",
                \.shardProblems,
                must: .atLeast(0),
                scope: .placement,
                "Problems handed to a worker at once; 0 chooses by the size of the run."
            ),
        ]
    }
}
