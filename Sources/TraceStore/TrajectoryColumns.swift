// The columns of what an episode is made of: turns, tool calls, tokens.

internal import RolloutModel

/// The columns of `/turns`.
enum TurnColumns {
    static let episode = Column<TurnEntry, Int64>(
        "episode",
        into: .episodes,
        "Row of the episode in /episodes"
    ) { $0.episode }
    static let role = NamedColumn<TurnEntry, Turn.Role>(
        "role",
        "Who wrote it: the templated problem, the model, or the tool"
    ) { $0.turn.role }
    static let tokenFirst = Column<TurnEntry, Int64>(
        "token_first",
        into: .tokens,
        "First row in /tokens"
    ) { $0.tokenFirst }
    static let tokenCount = Column<TurnEntry, Int64>(
        "token_count",
        unit: "token",
        "Rows in /tokens"
    ) { Int64($0.turn.tokens.count) }
    static let wallSeconds = Column<TurnEntry, Double>(
        "wall_seconds",
        unit: "s",
        "Wall time in the engine or the interpreter"
    ) { $0.turn.wallSeconds }
    static let content = TextColumn<TurnEntry>("content", "The turn as text") { $0.turn.text }
    static let stopReason = TextColumn<TurnEntry>(
        "stop_reason",
        "Why sampling ended, as the engine says; empty for other roles"
    ) { $0.turn.stopReason }
}

/// The columns of `/tool_calls`.
enum ToolCallColumns {
    static let episode = Column<ToolCallEntry, Int64>(
        "episode",
        into: .episodes,
        "Row of the episode in /episodes"
    ) { $0.episode }
    static let turn = Column<ToolCallEntry, Int32>(
        "turn_index",
        "Zero-based turn of the episode that holds the snippet"
    ) { Int32($0.call.turnIndex) }
    static let wallSeconds = Column<ToolCallEntry, Double>(
        "wall_seconds",
        unit: "s",
        "Wall time in the interpreter"
    ) { $0.call.wallSeconds }
    static let peakBytes = Column<ToolCallEntry, Int64>(
        "peak_bytes",
        unit: "byte",
        "Peak memory of the interpreter's own"
    ) { Int64($0.call.peakBytes) }
    static let code = TextColumn<ToolCallEntry>("code", "Python source, as run") { $0.call.code }
    static let output = TextColumn<ToolCallEntry>("output", "What was put into the context") {
        $0.call.output
    }
    static let status = TextColumn<ToolCallEntry>("status", "The sandbox's verdict") {
        $0.call.status
    }
}

/// The columns of `/tokens`.
enum TokenColumns {
    static let id = FlatColumn<EpisodeEntry, Int32>("id", "Token id, as the engine saw it") {
        $0.episode.trajectory.ids
    }
    static let logProbability = FlatColumn<EpisodeEntry, Float>(
        "log_probability",
        unit: "nat",
        "Log-probability under the sampling policy; 0 for tokens not sampled"
    ) { $0.episode.trajectory.logProbabilities }
    static let lossMask = FlatColumn<EpisodeEntry, UInt8>(
        "loss_mask",
        "1 for sampled tokens, 0 for prompt and tool output"
    ) { $0.episode.trajectory.lossMask }
}
