public import RolloutModel

/// What one rank did in one round: a row of the time series of a run.
public struct RankSample: Hashable, Sendable {
    /// Zero-based round of this start of the run.
    public let round: Int
    /// Who.
    public let rank: Rank
    /// Node name.
    public let host: String
    /// The GPUs bound to the rank, separated by commas; empty without one.
    public let gpu: String
    /// Episodes under way when the round ended.
    public let inFlightCount: Int
    /// Episodes that ended in this round.
    public let episodeCount: Int
    /// Tokens sampled by the episodes that ended in this round.
    public let sampledTokenCount: Int
    /// Engine restarts since the start.
    public let restartCount: Int
    /// Length of the round, seconds.
    public let wallSeconds: Double
    /// When the round ended, seconds since 1970-01-01T00:00:00Z.
    public let endedAt: Double
    /// How long the snippets of those episodes took.
    public let sandboxLatency: SandboxLatency

    /// One rank's round.
    public init(
        round: Int,
        rank: Rank,
        host: String,
        gpu: String,
        inFlightCount: Int,
        episodeCount: Int,
        sampledTokenCount: Int,
        restartCount: Int,
        wallSeconds: Double,
        endedAt: Double,
        sandboxLatency: SandboxLatency
    ) {
        self.round = round
        self.rank = rank
        self.host = host
        self.gpu = gpu
        self.inFlightCount = inFlightCount
        self.episodeCount = episodeCount
        self.sampledTokenCount = sampledTokenCount
        self.restartCount = restartCount
        self.wallSeconds = wallSeconds
        self.endedAt = endedAt
        self.sandboxLatency = sandboxLatency
    }

    /// One rank's round that ended with `episodes`.
    public init(
        round: Int,
        rank: Rank,
        host: String,
        gpu: String,
        inFlightCount: Int,
        restartCount: Int,
        wallSeconds: Double,
        endedAt: Double,
        episodes: [Episode]
    ) {
        self.init(
            round: round,
            rank: rank,
            host: host,
            gpu: gpu,
            inFlightCount: inFlightCount,
            episodeCount: episodes.count,
            sampledTokenCount: episodes.reduce(0) { $0 + $1.outputTokenCount },
            restartCount: restartCount,
            wallSeconds: wallSeconds,
            endedAt: endedAt,
            sandboxLatency: SandboxLatency(
                seconds: episodes.lazy.flatMap { $0.toolCalls.map(\.wallSeconds) }
            )
        )
    }

    /// Tokens a second over the round; 0 for a round without length.
    public var tokensPerSecond: Double {
        wallSeconds > 0 ? Double(sampledTokenCount) / wallSeconds : 0
    }

    /// GPUs bound to the rank.
    public var gpuCount: Int { gpu.split(separator: ",").count }
}
