/// The ordered turns of one attempt, as the exact token ids that the engine saw.
///
/// Ids, log-probabilities and mask have one length, and the turns tile them without gap: this is
/// checked once, here, so that no reader or trainer has to ask again.
public struct Trajectory: Hashable, Sendable {
    /// What cannot be a trajectory.
    public enum Violation: Error, Equatable, CustomStringConvertible {
        /// The three per-token arrays differ in length.
        case lengthsDiffer(ids: Int, logProbabilities: Int, lossMask: Int)
        /// The turns do not cover the ids one after the other.
        case turnsDoNotTile(turnIndex: Int)
        /// A sampled token is masked out, or another one is not.
        case maskDisagrees(tokenIndex: Int)

        /// The broken law in one line.
        public var description: String {
            switch self {
            case .lengthsDiffer(let ids, let logProbabilities, let lossMask):
                "a trajectory has \(ids) ids, \(logProbabilities) log-probabilities and "
                    + "\(lossMask) mask entries; the three must be equal in number"
            case .turnsDoNotTile(let turnIndex):
                "turn \(turnIndex) of a trajectory does not start where the one before it ends"
            case .maskDisagrees(let tokenIndex):
                "token \(tokenIndex): the loss mask must be 1 in model turns and 0 elsewhere"
            }
        }
    }

    /// Token ids, prompt first.
    ///
    /// Shape `[T]`.
    public let ids: [Int32]
    /// Log-probability of each sampled id under the sampling policy, 0 elsewhere.
    ///
    /// Shape `[T]`, nats.
    public let logProbabilities: [Float]
    /// 1 for sampled tokens, 0 for prompt and tool output.
    ///
    /// Shape `[T]`.
    public let lossMask: [UInt8]
    /// The turns, in order; their token ranges tile `0..<T`.
    public let turns: [Turn]

    /// A trajectory, after checking its three laws.
    ///
    /// - Throws: ``Violation`` when lengths differ, turns leave a gap, or the mask contradicts them.
    public init(
        ids: [Int32],
        logProbabilities: [Float],
        lossMask: [UInt8],
        turns: [Turn]
    ) throws {
        guard ids.count == logProbabilities.count, ids.count == lossMask.count else {
            throw Violation.lengthsDiffer(
                ids: ids.count,
                logProbabilities: logProbabilities.count,
                lossMask: lossMask.count
            )
        }
        var end = 0
        for (index, turn) in turns.enumerated() {
            guard turn.tokens.lowerBound == end, turn.tokens.upperBound <= ids.count else {
                throw Violation.turnsDoNotTile(turnIndex: index)
            }
            end = turn.tokens.upperBound
            let expected: UInt8 = turn.role == .model ? 1 : 0
            if let wrong = turn.tokens.first(where: { lossMask[$0] != expected }) {
                throw Violation.maskDisagrees(tokenIndex: wrong)
            }
        }
        guard end == ids.count else { throw Violation.turnsDoNotTile(turnIndex: turns.count) }
        self.ids = ids
        self.logProbabilities = logProbabilities
        self.lossMask = lossMask
        self.turns = turns
    }

    /// Number of tokens in the turns of `role`.
    public func tokenCount(of role: Turn.Role) -> Int {
        turns.reduce(0) { $0 + ($1.role == role ? $1.tokens.count : 0) }
    }

    /// What the model itself wrote, turn after turn: the only text that is graded.
    public var modelText: String {
        turns.filter { $0.role == .model }.map(\.text).joined(separator: "\n")
    }
}
