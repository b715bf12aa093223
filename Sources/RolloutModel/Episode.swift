/// One finished attempt, with its outcome.
public struct Episode: Hashable, Sendable {
    /// Whether the attempt ran as it should, and if not, the boundary it broke at.
    public enum Status: String, Sendable, CaseIterable {
        /// It ran to an end of its own (right or wrong).
        case completed
        /// The engine failed it.
        case inference
        /// The sandbox could not be had (a snippet's own failure is not this).
        case sandbox
        /// The grader failed.
        case grading
        /// The job ended first: the attempt goes on in a later one. Never among a run's results.
        case unfinished
    }

    /// What ended the attempt.
    public enum Finish: String, Sendable, CaseIterable {
        /// A final answer in a box.
        case answer
        /// The model ended its turn without an answer or a tool call.
        case noAnswer = "no_answer"
        /// The limit of model turns.
        case stepLimit = "step_limit"
        /// The limit of sampled tokens, in one turn or in all.
        case tokenLimit = "token_limit"
        /// Prompt and output would exceed the model's context.
        case contextLimit = "context_limit"
        /// Too many invalid tool calls in a row.
        case invalidCalls = "invalid_calls"
        /// The wall-clock limit of the attempt.
        case timeLimit = "time_limit"
        /// A failure outside the model; ``Episode/Status`` says where.
        case failure
        /// The job ended first.
        case interrupted
    }

    /// Seconds spent, by what was waited for.
    public struct Times: Hashable, Sendable {
        /// From start to end.
        public var total: Double
        /// For the engine.
        public var inference: Double
        /// For the interpreter.
        public var sandbox: Double
        /// For the grader.
        public var grading: Double
        /// Start, seconds since 1970-01-01T00:00:00Z.
        public var startedAt: Double

        /// All zero.
        public init(
            total: Double = 0,
            inference: Double = 0,
            sandbox: Double = 0,
            grading: Double = 0,
            startedAt: Double = 0
        ) {
            self.total = total
            self.inference = inference
            self.sandbox = sandbox
            self.grading = grading
            self.startedAt = startedAt
        }
    }

    /// Which attempt this was.
    public let task: EpisodeTask
    /// Whether it ran as it should.
    public let status: Status
    /// What ended it.
    public let finish: Finish
    /// One line on a failure: operation and cause; empty otherwise.
    public let failure: String
    /// The ids, log-probabilities and turns, complete up to the end or the failure.
    public let trajectory: Trajectory
    /// The snippets, in order.
    public let toolCalls: [ToolCall]
    /// The verdict.
    public let grade: Grade
    /// Whether the answer stands in the statement and is not the expected answer's own text
    /// (``CopiedAnswer``); the verdict does not depend on it.
    public let isCopiedFromStatement: Bool
    /// Texts of special tokens, in the statement and in tool output, that were broken before they were
    /// tokenised.
    public let neutralizedCount: Int
    /// Whether the chat template begins a thought that the first turn goes on with.
    public let opensThought: Bool
    /// The weighted sum of reward parts, dimensionless; for an evaluation 1 when right, else 0.
    public var reward: Double
    /// What the reward was summed from.
    public var rewardParts: RewardParts
    /// The reward relative to its group, dimensionless; 0 in an evaluation, which forms none.
    public var advantage: Double
    /// Which adapter sampled it: 0 is the model as the run found it, n the n-th update.
    public let policyVersion: Int
    /// Seed of the first model turn.
    public let seed: UInt64
    /// Sampling temperature.
    public let temperature: Double
    /// Engine calls that were tried again.
    public let retryCount: Int
    /// Prompt tokens the engine had cached, where it tells, summed over the calls.
    public let cachedTokenCount: Int
    /// Where the time went.
    public let times: Times

    /// A finished attempt.
    public init(
        task: EpisodeTask,
        status: Status,
        finish: Finish,
        failure: String = "",
        trajectory: Trajectory,
        toolCalls: [ToolCall],
        grade: Grade,
        isCopiedFromStatement: Bool = false,
        neutralizedCount: Int = 0,
        opensThought: Bool = false,
        reward: Double,
        rewardParts: RewardParts = RewardParts(),
        advantage: Double = 0,
        policyVersion: Int = 0,
        seed: UInt64,
        temperature: Double,
        retryCount: Int,
        cachedTokenCount: Int,
        times: Times
    ) {
        self.task = task
        self.status = status
        self.finish = finish
        self.failure = failure
        self.trajectory = trajectory
        self.toolCalls = toolCalls
        self.grade = grade
        self.isCopiedFromStatement = isCopiedFromStatement
        self.neutralizedCount = neutralizedCount
        self.opensThought = opensThought
        self.reward = reward
        self.rewardParts = rewardParts
        self.advantage = advantage
        self.policyVersion = policyVersion
        self.seed = seed
        self.temperature = temperature
        self.retryCount = retryCount
        self.cachedTokenCount = cachedTokenCount
        self.times = times
    }

    /// Sampled tokens of the whole attempt: the length that the published tables state.
    public var outputTokenCount: Int { trajectory.tokenCount(of: .model) }
}
