// The schema of a trace file: one declaration per column, used by the writer, the reader, the report and
// the generated page of the documentation. Text and tokens are flat arrays with a first and a count, for
// HDF5 cannot write variable-length elements in parallel.

internal import RolloutModel

/// What is in a trace file, and what each dataset means.
public enum TraceSchema {
    /// Raised whenever a column is added or changes its meaning; readers know every earlier one.
    public static let version = 1

    /// The value of the root attribute `format`: tells these files from other HDF5 files.
    public static let format = "deepmath-traces"

    /// All tables, in the order in which files are written.
    static var tables: [any TableDeclaration] {
        [problems, episodes, turns, toolCalls, tokens, ranks]
    }

    static let problems = TableSchema<Problem>(
        name: "problems",
        description: "One row per problem, in the order of the data set",
        extent: .problems,
        textExtent: .problemText,
        columns: [],
        texts: [
            ProblemColumns.id, ProblemColumns.statement, ProblemColumns.answer,
            ProblemColumns.subject, ProblemColumns.level,
        ]
    )

    static let episodes = TableSchema<EpisodeEntry>(
        name: "episodes",
        description: "One row per finished attempt",
        extent: .episodes,
        textExtent: .episodeText,
        columns: [
            WrittenColumn(EpisodeColumns.problem), WrittenColumn(EpisodeColumns.sample),
            WrittenColumn(EpisodeColumns.status), WrittenColumn(EpisodeColumns.finish),
            WrittenColumn(EpisodeColumns.outcome), WrittenColumn(EpisodeColumns.reward),
            WrittenColumn(EpisodeColumns.seed), WrittenColumn(EpisodeColumns.temperature),
            WrittenColumn(EpisodeColumns.promptTokenCount),
            WrittenColumn(EpisodeColumns.sampledTokenCount),
            WrittenColumn(EpisodeColumns.toolTokenCount),
            WrittenColumn(EpisodeColumns.cachedTokenCount),
            WrittenColumn(EpisodeColumns.turnFirst), WrittenColumn(EpisodeColumns.turnCount),
            WrittenColumn(EpisodeColumns.toolCallFirst),
            WrittenColumn(EpisodeColumns.toolCallCount),
            WrittenColumn(EpisodeColumns.tokenFirst), WrittenColumn(EpisodeColumns.tokenCount),
            WrittenColumn(EpisodeColumns.retryCount),
            WrittenColumn(EpisodeColumns.totalSeconds),
            WrittenColumn(EpisodeColumns.inferenceSeconds),
            WrittenColumn(EpisodeColumns.sandboxSeconds),
            WrittenColumn(EpisodeColumns.gradingSeconds),
            WrittenColumn(EpisodeColumns.graderSeconds),
            WrittenColumn(EpisodeColumns.startedAt), WrittenColumn(EpisodeColumns.rank),
        ],
        texts: [EpisodeColumns.failure, EpisodeColumns.answer, EpisodeColumns.canonicalAnswer]
    )

    static let turns = TableSchema<TurnEntry>(
        name: "turns",
        description: "One row per turn; an episode's turns are consecutive",
        extent: .turns,
        textExtent: .turnText,
        columns: [
            WrittenColumn(TurnColumns.episode), WrittenColumn(TurnColumns.role),
            WrittenColumn(TurnColumns.tokenFirst), WrittenColumn(TurnColumns.tokenCount),
            WrittenColumn(TurnColumns.wallSeconds),
        ],
        texts: [TurnColumns.content, TurnColumns.stopReason]
    )

    static let toolCalls = TableSchema<ToolCallEntry>(
        name: "tool_calls",
        description: "One row per snippet that the model wrote, in order",
        extent: .toolCalls,
        textExtent: .toolCallText,
        columns: [
            WrittenColumn(ToolCallColumns.episode), WrittenColumn(ToolCallColumns.turn),
            WrittenColumn(ToolCallColumns.wallSeconds), WrittenColumn(ToolCallColumns.peakBytes),
        ],
        texts: [ToolCallColumns.code, ToolCallColumns.output, ToolCallColumns.status]
    )

    static let tokens = TableSchema<EpisodeEntry>(
        name: "tokens",
        description: "One row per token; an episode's tokens are consecutive",
        extent: .tokens,
        textExtent: nil,
        columns: [
            WrittenColumn(TokenColumns.id), WrittenColumn(TokenColumns.logProbability),
            WrittenColumn(TokenColumns.lossMask),
        ],
        texts: []
    )

    static let ranks = TableSchema<RankSample>(
        name: "ranks",
        description: "One row per rank and round: the time series of the run",
        extent: .ranks,
        textExtent: .rankText,
        columns: [
            WrittenColumn(RankColumns.round), WrittenColumn(RankColumns.rank),
            WrittenColumn(RankColumns.inFlightCount),
            WrittenColumn(RankColumns.sampledTokenCount),
            WrittenColumn(RankColumns.restartCount), WrittenColumn(RankColumns.wallSeconds),
        ],
        texts: [RankColumns.host, RankColumns.gpu]
    )
}

enum ProblemColumns {
    static let id = TextColumn<Problem>("id", "Unique in the data set") { $0.id }
    static let statement = TextColumn<Problem>("statement", "Text shown to the model") {
        $0.statement
    }
    static let answer = TextColumn<Problem>("answer", "The expected answer") { $0.answer }
    static let subject = TextColumn<Problem>("subject", "Field of mathematics, where known") {
        $0.subject
    }
    static let level = TextColumn<Problem>("level", "Difficulty as the data set states it") {
        $0.level
    }
}

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

enum RankColumns {
    static let round = Column<RankSample, Int32>("round", "Zero-based round") { Int32($0.round) }
    static let rank = Column<RankSample, Int32>("rank", "Rank in the world communicator") {
        Int32($0.rank.value)
    }
    static let inFlightCount = Column<RankSample, Int32>(
        "in_flight_count",
        unit: "episode",
        "Episodes under way when the round ended"
    ) { Int32($0.inFlightCount) }
    static let sampledTokenCount = Column<RankSample, Int64>(
        "sampled_token_count",
        unit: "token",
        "Tokens sampled in this round"
    ) { Int64($0.sampledTokenCount) }
    static let restartCount = Column<RankSample, Int32>(
        "restart_count",
        "Engine restarts since the start"
    ) { Int32($0.restartCount) }
    static let wallSeconds = Column<RankSample, Double>(
        "wall_seconds",
        unit: "s",
        "Length of the round"
    ) { $0.wallSeconds }
    static let host = TextColumn<RankSample>("host", "Node name") { $0.host }
    static let gpu = TextColumn<RankSample>("gpu", "The GPU bound to the rank, if any") { $0.gpu }
}
