// The schema of a trace file: one declaration per column, used by the writer, the reader, the report and
// the generated page of the documentation. Text and tokens are flat arrays with a first and a count, for
// HDF5 cannot write variable-length elements in parallel.

package import HDF5
internal import RolloutModel

/// What is in a trace file, and what each dataset means.
public enum TraceSchema {
    /// Raised whenever a column is added or changes its meaning; readers know every earlier one.
    ///
    /// Version 2 changed the checksums only, to zlib's CRC-32. Version 3 added columns.
    public static let version = 3

    /// The value of the root attribute `format`: tells these files from other HDF5 files.
    public static let format = "deepmath-traces"

    /// All tables, in the order in which files are written.
    static var tables: [any TableDeclaration] {
        [problems, episodes, turns, toolCalls, tokens, groups, ranks, latency, hosts]
    }

    /// The datasets of a file of `version`.
    static func datasets(in version: Int) -> [DatasetDeclaration] {
        tables.flatMap(\.datasets).filter { $0.column.firstVersion <= version }
    }

    /// The datasets of which every rank writes its own elements.
    static let longDatasets = tables.flatMap(\.datasets).filter(\.isLong)

    /// Bytes of a file of these lengths, uncompressed, and its structure.
    static func byteCount(_ totals: Extents) -> Int {
        tables.flatMap(\.datasets).reduce(256 << 10) { $0 + $1.byteCount(totals) }
    }

    /// Path and element type of every dataset, for what measures or tests the file as such.
    package static var datasets: [(path: String, type: ElementType)] {
        tables.flatMap(\.datasets).map { ($0.path, $0.column.type) }
    }

    static let problems = TableSchema<Problem>(
        name: "problems",
        description: "One row per problem, in the order of the data set",
        extent: .problems,
        textExtent: .problemText,
        columns: [],
        texts: [
            ProblemColumns.id, ProblemColumns.statement, ProblemColumns.answer,
            ProblemColumns.subject, ProblemColumns.level, ProblemColumns.dataset,
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
            WrittenColumn(EpisodeColumns.outcome),
            WrittenColumn(EpisodeColumns.copiedFromStatement),
            WrittenColumn(EpisodeColumns.neutralizedCount),
            WrittenColumn(EpisodeColumns.opensThought), WrittenColumn(EpisodeColumns.reward),
            WrittenColumn(EpisodeColumns.rewardAccuracy),
            WrittenColumn(EpisodeColumns.rewardToolUse),
            WrittenColumn(EpisodeColumns.rewardLength),
            WrittenColumn(EpisodeColumns.advantage), WrittenColumn(EpisodeColumns.policyVersion),
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

    static let groups = TableSchema<EpisodeGroup>(
        name: "groups",
        description: "One row per problem and policy version; only in the packed file",
        extent: .groups,
        textExtent: nil,
        columns: [
            WrittenColumn(GroupColumns.problem), WrittenColumn(GroupColumns.policyVersion),
            WrittenColumn(GroupColumns.episodeCount), WrittenColumn(GroupColumns.countedCount),
            WrittenColumn(GroupColumns.rightCount), WrittenColumn(GroupColumns.rewardMean),
            WrittenColumn(GroupColumns.rewardDeviation),
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
            WrittenColumn(RankColumns.inFlightCount), WrittenColumn(RankColumns.episodeCount),
            WrittenColumn(RankColumns.sampledTokenCount),
            WrittenColumn(RankColumns.tokensPerSecond),
            WrittenColumn(RankColumns.restartCount), WrittenColumn(RankColumns.wallSeconds),
            WrittenColumn(RankColumns.endedAt),
        ],
        texts: [RankColumns.host, RankColumns.gpu]
    )

    static let latency = TableSchema<RankSample>(
        name: "sandbox_latency",
        description:
            "\(SandboxLatency.binCount) rows per row of /ranks: how long snippets took, as a histogram",
        extent: .latencyBins,
        textExtent: nil,
        columns: [WrittenColumn(LatencyColumns.count)],
        texts: []
    )

    static let hosts = TableSchema<StoredHost>(
        name: "hosts",
        description: "One row per node and start of the run",
        extent: .hosts,
        textExtent: .hostText,
        columns: [
            WrittenColumn(HostColumns.start), WrittenColumn(HostColumns.rankCount),
            WrittenColumn(HostColumns.coreCount), WrittenColumn(HostColumns.memoryBytes),
        ],
        texts: [HostColumns.name, HostColumns.gpus, HostColumns.system]
    )
}
