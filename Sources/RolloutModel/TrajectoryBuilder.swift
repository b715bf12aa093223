/// A trajectory while it grows, turn by turn.
public struct TrajectoryBuilder: Sendable {
    /// All ids so far: exactly what is sent to the engine for the next turn.
    public private(set) var ids: [Int32] = []
    /// The turns so far.
    public private(set) var turns: [Turn] = []

    private var logProbabilities: [Float] = []

    /// An empty trajectory.
    public init() {}

    /// Makes room for `count` tokens in all, so that they come without a move; of room that is never
    /// written, most costs address space and no memory.
    public mutating func reserveCapacity(tokenCount count: Int) {
        ids.reserveCapacity(count)
        logProbabilities.reserveCapacity(count)
    }

    /// Appends a turn that was not sampled: the prompt, or tool output.
    public mutating func append(
        _ role: Turn.Role,
        ids newIDs: [Int32],
        text: String,
        wallSeconds: Double
    ) {
        precondition(role != .model, "a model turn comes with its log-probabilities")
        append(
            role,
            ids: newIDs,
            logProbabilities: [Float](repeating: 0, count: newIDs.count),
            text: text,
            wallSeconds: wallSeconds,
            stopReason: ""
        )
    }

    /// Appends a sampled turn; `logProbabilities` has one entry per id, in nats.
    public mutating func appendModelTurn(
        ids newIDs: [Int32],
        logProbabilities: [Float],
        text: String,
        wallSeconds: Double,
        stopReason: String
    ) {
        precondition(newIDs.count == logProbabilities.count, "one log-probability per sampled id")
        append(
            .model,
            ids: newIDs,
            logProbabilities: logProbabilities,
            text: text,
            wallSeconds: wallSeconds,
            stopReason: stopReason
        )
    }

    /// The finished trajectory.
    public func trajectory() throws -> Trajectory {
        var lossMask: [UInt8] = []
        lossMask.reserveCapacity(ids.count)
        for turn in turns {
            lossMask += repeatElement(turn.role == .model ? 1 : 0, count: turn.tokens.count)
        }
        return try Trajectory(
            ids: Self.trimmed(ids),
            logProbabilities: Self.trimmed(logProbabilities),
            lossMask: lossMask,
            turns: turns
        )
    }

    /// A copy without the room that was not needed, for many wait to be written.
    private static func trimmed<Element>(_ values: [Element]) -> [Element] {
        var copy: [Element] = []
        copy.reserveCapacity(values.count)
        copy += values
        return copy
    }

    private mutating func append(
        _ role: Turn.Role,
        ids newIDs: [Int32],
        logProbabilities newValues: [Float],
        text: String,
        wallSeconds: Double,
        stopReason: String
    ) {
        let start = ids.count
        ids += newIDs
        logProbabilities += newValues
        turns.append(
            Turn(
                role: role,
                tokens: start..<ids.count,
                text: text,
                wallSeconds: wallSeconds,
                stopReason: stopReason
            )
        )
    }
}
