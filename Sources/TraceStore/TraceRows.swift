// The rows of the tables that need more than a domain value: where their parts start. Positions are
// relative to the batch; a column that points into another table adds where the batch starts there.

internal import RolloutModel

/// A row of `/episodes`.
struct EpisodeEntry: Sendable {
    let episode: Episode
    let rank: Rank
    let turnFirst: Int64
    let toolCallFirst: Int64
    let tokenFirst: Int64
}

/// A row of `/turns`.
struct TurnEntry: Sendable {
    let turn: Turn
    let episode: Int64
    let tokenFirst: Int64
}

/// A row of `/tool_calls`.
struct ToolCallEntry: Sendable {
    let call: ToolCall
    let episode: Int64
}

/// A row of `/hosts`.
struct StoredHost: Hashable, Sendable {
    let host: RunHost
    let startIndex: Int
}

/// One rank's rows of every table, in order: what the ranks write together.
struct TraceBatch: Sendable {
    let problems: [Problem]
    let episodes: [EpisodeEntry]
    let turns: [TurnEntry]
    let toolCalls: [ToolCallEntry]
    let groups: [EpisodeGroup]
    let ranks: [RankSample]
    let hosts: [StoredHost]
    /// Number of rows, and of bytes of text, that the batch adds to each table.
    let extents: Extents

    init(
        problems: [Problem] = [],
        episodes stored: [StoredEpisode] = [],
        groups: [EpisodeGroup] = [],
        ranks: [RankSample] = [],
        hosts: [StoredHost] = []
    ) {
        var episodes: [EpisodeEntry] = []
        var turns: [TurnEntry] = []
        var toolCalls: [ToolCallEntry] = []
        var tokenCount: Int64 = 0
        for (index, entry) in stored.enumerated() {
            let trajectory = entry.episode.trajectory
            episodes.append(
                EpisodeEntry(
                    episode: entry.episode,
                    rank: entry.rank,
                    turnFirst: Int64(turns.count),
                    toolCallFirst: Int64(toolCalls.count),
                    tokenFirst: tokenCount
                )
            )
            turns += trajectory.turns.map {
                TurnEntry(
                    turn: $0,
                    episode: Int64(index),
                    tokenFirst: tokenCount + Int64($0.tokens.lowerBound)
                )
            }
            toolCalls += entry.episode.toolCalls.map {
                ToolCallEntry(call: $0, episode: Int64(index))
            }
            tokenCount += Int64(trajectory.ids.count)
        }
        self.problems = problems
        self.episodes = episodes
        self.turns = turns
        self.toolCalls = toolCalls
        self.groups = groups
        self.ranks = ranks
        self.hosts = hosts
        var extents = Extents()
        extents[.problems] = Int64(problems.count)
        extents[.problemText] = TraceSchema.problems.textByteCount(of: problems)
        extents[.episodes] = Int64(episodes.count)
        extents[.episodeText] = TraceSchema.episodes.textByteCount(of: episodes)
        extents[.turns] = Int64(turns.count)
        extents[.turnText] = TraceSchema.turns.textByteCount(of: turns)
        extents[.toolCalls] = Int64(toolCalls.count)
        extents[.toolCallText] = TraceSchema.toolCalls.textByteCount(of: toolCalls)
        extents[.tokens] = tokenCount
        extents[.groups] = Int64(groups.count)
        extents[.ranks] = Int64(ranks.count)
        extents[.latencyBins] = Int64(ranks.count * SandboxLatency.binCount)
        extents[.hosts] = Int64(hosts.count)
        extents[.hostText] = TraceSchema.hosts.textByteCount(of: hosts)
        extents[.rankText] = TraceSchema.ranks.textByteCount(of: ranks)
        self.extents = extents
    }
}
