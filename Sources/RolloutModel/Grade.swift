/// What the grader says of one answer.
public struct Grade: Hashable, Sendable {
    /// The verdict, or why there is none.
    public enum Outcome: String, Sendable, CaseIterable {
        /// Equal to the expected answer.
        case right
        /// Readable, and not equal.
        case wrong
        /// The model gave no answer that can be read: counts as not solved, never votes.
        case unparsed
        /// The expected answer cannot be read: the problem is at fault, not the model.
        case goldUnparsed = "gold_unparsed"
        /// The comparison was cut off by its time limit.
        case timeout
        /// The grading process failed.
        case error
        /// The episode ended before there was anything to grade.
        case ungraded
    }

    /// The verdict.
    public let outcome: Outcome
    /// The extracted answer as the model wrote it; empty when there is none.
    public let answer: String
    /// The answer in a canonical form: equal forms are one class in the majority vote.
    public let canonicalAnswer: String
    /// Wall time in the grader, seconds.
    public let wallSeconds: Double

    /// A verdict.
    public init(
        outcome: Outcome,
        answer: String,
        canonicalAnswer: String,
        wallSeconds: Double
    ) {
        self.outcome = outcome
        self.answer = answer
        self.canonicalAnswer = canonicalAnswer
        self.wallSeconds = wallSeconds
    }

    /// The class the answer votes for within its problem; empty when it does not vote.
    ///
    /// All right answers are one class, however they are written.
    public var voteKey: String {
        switch outcome {
        case .right: "right"
        case .wrong: "wrong:" + canonicalAnswer
        case .unparsed, .goldUnparsed, .timeout, .error, .ungraded: ""
        }
    }
}
