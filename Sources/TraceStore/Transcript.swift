public import RolloutModel

/// An episode without its tokens: what a person reads, and what can be run or graded again.
public struct Transcript: Hashable, Sendable {
    /// Which attempt.
    public let task: EpisodeTask
    /// Whether it ran as it should.
    public let status: Episode.Status
    /// What ended it.
    public let finish: Episode.Finish
    /// One line on a failure; empty otherwise.
    public let failure: String
    /// The turns; their token ranges are those of the trajectory.
    public let turns: [Turn]
    /// The snippets, in order.
    public let toolCalls: [ToolCall]
    /// The verdict.
    public let grade: Grade
    /// Whether the answer was copied from the statement, as recorded.
    public let isCopiedFromStatement: Bool
    /// Whether the chat template begins a thought that the first turn goes on with.
    public let opensThought: Bool
    /// The reward.
    public let reward: Double
    /// The reward relative to its group.
    public let advantage: Double
    /// Which adapter sampled it.
    public let policyVersion: Int
    /// Seed of the first model turn and of the interpreter.
    public let seed: UInt64
    /// Where the time went.
    public let times: Episode.Times
    /// The rank that made it.
    public let rank: Rank
}
