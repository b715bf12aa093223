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
    /// How long attempts may go on once a graceful stop has begun, seconds.
    public var drainSeconds = 60.0
    /// Time kept free before the end that Slurm has set, for the last write, seconds.
    public var reserveSeconds = 30.0
    /// How long nothing may advance before the job is given up, seconds.
    public var stallSeconds = 5_400.0
    /// An earlier run whose output lengths say which problems to begin with.
    public var lengthsFrom: String?

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
                must: .within(1...1_000_000),
                scope: .extent,
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
                must: .within(0...100_000_000),
                scope: .placement,
                "Problems handed to a worker at once; 0 chooses by the size of the run."
            ),
            ConfigurationKey(
                "drain_seconds",
                \.drainSeconds,
                must: .within(0...86_400),
                scope: .placement,
                "Seconds that attempts may go on after SIGUSR1; then they are kept unfinished."
            ),
            ConfigurationKey(
                "reserve_seconds",
                \.reserveSeconds,
                must: .within(0...86_400),
                scope: .placement,
                "Seconds kept free before the end that Slurm has set, for the last write."
            ),
            ConfigurationKey(
                "stall_seconds",
                \.stallSeconds,
                must: .above(0, upTo: 604_800),
                scope: .placement,
                "Seconds in which nothing advances before the job is given up with a report."
            ),
            ConfigurationKey(
                "lengths_from",
                \.lengthsFrom,
                must: .ifGiven(.notEmpty),
                scope: .placement,
                "An earlier run's directory: problems with long outputs there come first."
            ),
        ]
    }
}
