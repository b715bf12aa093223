// The columns of the time series of the ranks and of the nodes they were on.

internal import RolloutModel

/// The columns of `/ranks`.
enum RankColumns {
    static let round = Column<RankSample, Int32>("round", "Zero-based round of its start") {
        Int32($0.round)
    }
    static let rank = Column<RankSample, Int32>("rank", "Rank in the world communicator") {
        Int32($0.rank.value)
    }
    static let inFlightCount = Column<RankSample, Int32>(
        "in_flight_count",
        unit: "episode",
        "Episodes under way when the round ended"
    ) { Int32($0.inFlightCount) }
    static let episodeCount = Column<RankSample, Int32>(
        "episode_count",
        unit: "episode",
        "Episodes that ended in this round"
    ) { Int32($0.episodeCount) }
    static let sampledTokenCount = Column<RankSample, Int64>(
        "sampled_token_count",
        unit: "token",
        "Tokens sampled by the episodes that ended in this round"
    ) { Int64($0.sampledTokenCount) }
    static let tokensPerSecond = Column<RankSample, Double>(
        "tokens_per_second",
        unit: "token/s",
        "Those tokens over the length of the round"
    ) { $0.tokensPerSecond }
    static let restartCount = Column<RankSample, Int32>(
        "restart_count",
        "Engine restarts since the start"
    ) { Int32($0.restartCount) }
    static let wallSeconds = Column<RankSample, Double>(
        "wall_seconds",
        unit: "s",
        "Length of the round"
    ) { $0.wallSeconds }
    static let endedAt = Column<RankSample, Double>(
        "ended_at",
        unit: "s",
        "End of the round, since 1970-01-01T00:00:00Z"
    ) { $0.endedAt }
    static let host = TextColumn<RankSample>("host", "Node name") { $0.host }
    static let gpu = TextColumn<RankSample>(
        "gpu",
        "The GPUs bound to the rank, separated by commas; empty without any"
    ) { $0.gpu }
}

/// The columns of `/sandbox_latency`.
enum LatencyColumns {
    static let count = FlatColumn<RankSample, Int32>(
        "count",
        unit: "snippet",
        "Snippets by wall time: bin 0 below 1 ms, bin i from 2^(i-1) to 2^i ms, the last also above"
    ) { $0.sandboxLatency.counts }
}

/// The columns of `/hosts`.
enum HostColumns {
    static let start = Column<StoredHost, Int32>(
        "start_index",
        "Zero-based start of the run: a run that goes on later starts again"
    ) { Int32($0.startIndex) }
    static let rankCount = Column<StoredHost, Int32>("rank_count", "Ranks on the node") {
        Int32($0.host.rankCount)
    }
    static let coreCount = Column<StoredHost, Int32>(
        "core_count",
        "Processors that the job may use there"
    ) { Int32($0.host.coreCount) }
    static let memoryBytes = Column<StoredHost, Int64>(
        "memory_bytes",
        unit: "byte",
        "Main memory"
    ) { Int64($0.host.memoryBytes) }
    static let name = TextColumn<StoredHost>("name", "Node name") { $0.host.name }
    static let gpus = TextColumn<StoredHost>(
        "gpus",
        "The GPUs that its ranks see, separated by commas; empty without any"
    ) { $0.host.gpus }
    static let system = TextColumn<StoredHost>("system", "Operating system and kernel") {
        $0.host.system
    }
}
