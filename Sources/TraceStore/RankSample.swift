public import RolloutModel

/// What one rank did in one round: a row of the time series of a run.
public struct RankSample: Hashable, Sendable {
    /// Zero-based round.
    public let round: Int
    /// Who.
    public let rank: Rank
    /// Node name.
    public let host: String
    /// The GPU bound to the rank; empty without one.
    public let gpu: String
    /// Episodes under way when the round ended.
    public let inFlightCount: Int
    /// Tokens sampled in this round.
    public let sampledTokenCount: Int
    /// Engine restarts since the start.
    public let restartCount: Int
    /// Length of the round, seconds.
    public let wallSeconds: Double

    /// One rank's round.
    public init(
        round: Int,
        rank: Rank,
        host: String,
        gpu: String,
        inFlightCount: Int,
        sampledTokenCount: Int,
        restartCount: Int,
        wallSeconds: Double
    ) {
        self.round = round
        self.rank = rank
        self.host = host
        self.gpu = gpu
        self.inFlightCount = inFlightCount
        self.sampledTokenCount = sampledTokenCount
        self.restartCount = restartCount
        self.wallSeconds = wallSeconds
    }
}
