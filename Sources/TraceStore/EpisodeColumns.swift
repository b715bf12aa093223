internal import RolloutModel

/// The columns of `/episodes`.
enum EpisodeColumns {
    typealias Row = EpisodeEntry

    static let problem = Column<Row, Int32>("problem_index", "Row of the problem in /problems") {
        Int32($0.episode.task.problem.value)
    }
    static let sample = Column<Row, Int32>(
        "sample_index",
        "Zero-based attempt at the problem"
    ) { Int32($0.episode.task.sample.value) }
    static let status = NamedColumn<Row, Episode.Status>(
        "status",
        "Whether it ran as it should, else the boundary it broke at"
    ) { $0.episode.status }
    static let finish = NamedColumn<Row, Episode.Finish>("finish", "What ended the attempt") {
        $0.episode.finish
    }
    static let outcome = NamedColumn<Row, Grade.Outcome>(
        "outcome",
        "The grader's verdict, or why there is none"
    ) { $0.episode.grade.outcome }
    static let copiedFromStatement = Column<Row, UInt8>(
        "copied_from_statement",
        since: 3,
        "1 when the answer stands in the statement and is not the expected answer's own text, else 0; "
            + "the verdict does not depend on it"
    ) { $0.episode.isCopiedFromStatement ? 1 : 0 }
    static let neutralizedCount = Column<Row, Int32>(
        "neutralized_count",
        since: 3,
        "Texts of special tokens, in the statement and in tool output, that were broken before they "
            + "were tokenised"
    ) { Int32($0.episode.neutralizedCount) }
    static let opensThought = Column<Row, UInt8>(
        "opens_thought",
        since: 3,
        "1 when the chat template begins a thought that the first turn goes on with, else 0"
    ) { $0.episode.opensThought ? 1 : 0 }
    static let reward = Column<Row, Double>("reward", "Weighted sum of the reward parts") {
        $0.episode.reward
    }
    static let rewardAccuracy = Column<Row, Double>(
        "reward_accuracy",
        "Part of the reward, before its weight: the grader's verdict, or reward.copied"
    ) { $0.episode.rewardParts.accuracy }
    static let rewardToolUse = Column<Row, Double>(
        "reward_tool_use",
        "Part of the reward, before its weight: use of the tool"
    ) { $0.episode.rewardParts.toolUse }
    static let rewardLength = Column<Row, Double>(
        "reward_length",
        "Part of the reward, before its weight: length of the output"
    ) { $0.episode.rewardParts.length }
    static let advantage = Column<Row, Double>(
        "advantage",
        "Reward relative to its group; 0 in an evaluation"
    ) { $0.episode.advantage }
    static let policyVersion = Column<Row, Int32>(
        "policy_version",
        "The adapter that sampled it: 0 is the model as given, n the n-th update"
    ) { Int32($0.episode.policyVersion) }
    static let seed = Column<Row, UInt64>(
        "seed",
        "Seed of the first model turn and of the interpreter; those of later turns follow from the "
            + "run's seed, problem, sample and turn"
    ) { $0.episode.seed }
    static let temperature = Column<Row, Double>("temperature", "Sampling temperature") {
        $0.episode.temperature
    }
    static let promptTokenCount = Column<Row, Int64>(
        "prompt_token_count",
        unit: "token",
        "Tokens of the templated problem"
    ) { Int64($0.episode.trajectory.tokenCount(of: .prompt)) }
    static let sampledTokenCount = Column<Row, Int64>(
        "sampled_token_count",
        unit: "token",
        "Tokens the model wrote: the output length"
    ) { Int64($0.episode.trajectory.tokenCount(of: .model)) }
    static let toolTokenCount = Column<Row, Int64>(
        "tool_token_count",
        unit: "token",
        "Tokens of tool output"
    ) { Int64($0.episode.trajectory.tokenCount(of: .tool)) }
    static let cachedTokenCount = Column<Row, Int64>(
        "cached_token_count",
        unit: "token",
        "Prompt tokens the engine had cached, summed over its calls"
    ) { Int64($0.episode.cachedTokenCount) }
    static let turnFirst = Column<Row, Int64>(
        "turn_first",
        into: .turns,
        "First row in /turns"
    ) { $0.turnFirst }
    static let turnCount = Column<Row, Int32>("turn_count", "Rows in /turns") {
        Int32($0.episode.trajectory.turns.count)
    }
    static let toolCallFirst = Column<Row, Int64>(
        "tool_call_first",
        into: .toolCalls,
        "First row in /tool_calls"
    ) { $0.toolCallFirst }
    static let toolCallCount = Column<Row, Int32>("tool_call_count", "Rows in /tool_calls") {
        Int32($0.episode.toolCalls.count)
    }
    static let tokenFirst = Column<Row, Int64>(
        "token_first",
        into: .tokens,
        "First row in /tokens"
    ) { $0.tokenFirst }
    static let tokenCount = Column<Row, Int64>(
        "token_count",
        unit: "token",
        "Rows in /tokens: prompt, sampled and tool tokens"
    ) { Int64($0.episode.trajectory.ids.count) }
    static let retryCount = Column<Row, Int32>(
        "retry_count",
        "Engine calls that were tried again"
    ) { Int32($0.episode.retryCount) }
    static let totalSeconds = Column<Row, Double>(
        "total_seconds",
        unit: "s",
        "Wall time from start to end"
    ) { $0.episode.times.total }
    static let inferenceSeconds = Column<Row, Double>(
        "inference_seconds",
        unit: "s",
        "Wall time waiting for the engine"
    ) { $0.episode.times.inference }
    static let sandboxSeconds = Column<Row, Double>(
        "sandbox_seconds",
        unit: "s",
        "Wall time waiting for the interpreter"
    ) { $0.episode.times.sandbox }
    static let gradingSeconds = Column<Row, Double>(
        "grading_seconds",
        unit: "s",
        "Wall time waiting for the grader, its queue included"
    ) { $0.episode.times.grading }
    static let graderSeconds = Column<Row, Double>(
        "grader_seconds",
        unit: "s",
        "Wall time the grader itself took"
    ) { $0.episode.grade.wallSeconds }
    static let startedAt = Column<Row, Double>(
        "started_at",
        unit: "s",
        "Start, since 1970-01-01T00:00:00Z"
    ) { $0.episode.times.startedAt }
    static let rank = Column<Row, Int32>("rank", "The rank that made it") {
        Int32($0.rank.value)
    }
    static let failure = TextColumn<Row>(
        "failure",
        "Operation and cause of a failure; empty otherwise"
    ) { $0.episode.failure }
    static let answer = TextColumn<Row>("answer", "The answer as the model wrote it") {
        $0.episode.grade.answer
    }
    static let canonicalAnswer = TextColumn<Row>(
        "canonical_answer",
        "The answer in canonical form: equal forms vote together"
    ) { $0.episode.grade.canonicalAnswer }
}
