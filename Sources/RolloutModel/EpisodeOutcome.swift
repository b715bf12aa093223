/// What the final table needs of one episode; small enough to send for every episode of a run.
public struct EpisodeOutcome: Hashable, Sendable {
    /// Which attempt.
    public let task: EpisodeTask
    /// Whether it ran as it should.
    public let status: Episode.Status
    /// What ended it.
    public let finish: Episode.Finish
    /// The verdict.
    public let outcome: Grade.Outcome
    /// Equivalence class of the answer within its problem: equal classes vote together.
    ///
    /// Empty when the answer does not vote.
    public let voteKey: String
    /// Sampled tokens.
    public let outputTokenCount: Int
    /// Snippets run.
    public let toolCallCount: Int
    /// Wall time from start to end, seconds.
    public let wallSeconds: Double
    /// The weighted sum of reward parts, dimensionless.
    public let reward: Double
    /// Whether the answer was copied from the statement (``CopiedAnswer``).
    public let isCopiedFromStatement: Bool

    /// The facts of one episode.
    public init(
        task: EpisodeTask,
        status: Episode.Status,
        finish: Episode.Finish,
        outcome: Grade.Outcome,
        voteKey: String,
        outputTokenCount: Int,
        toolCallCount: Int,
        wallSeconds: Double = 0,
        reward: Double = 0,
        isCopiedFromStatement: Bool = false
    ) {
        self.task = task
        self.status = status
        self.finish = finish
        self.outcome = outcome
        self.voteKey = voteKey
        self.outputTokenCount = outputTokenCount
        self.toolCallCount = toolCallCount
        self.wallSeconds = wallSeconds
        self.reward = reward
        self.isCopiedFromStatement = isCopiedFromStatement
    }

    /// The facts of `episode`.
    public init(_ episode: Episode) {
        self.init(
            task: episode.task,
            status: episode.status,
            finish: episode.finish,
            outcome: episode.grade.outcome,
            voteKey: episode.grade.voteKey,
            outputTokenCount: episode.outputTokenCount,
            toolCallCount: episode.toolCalls.count,
            wallSeconds: episode.times.total,
            reward: episode.reward,
            isCopiedFromStatement: episode.isCopiedFromStatement
        )
    }
}
