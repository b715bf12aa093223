/// A trajectory while it grows, turn by turn.
public struct TrajectoryBuilder: Sendable {
    /// All ids so far: exactly what is sent to the engine for the next turn.
    public private(set) var ids: [Int32] = []
    /// The turns so far.
    public private(set) var turns: [Turn] = []

    private var logProbabilities: [Float] = []
    private var lossMask: [UInt8] = []

    /// An empty trajectory.
    public init() {}

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
        try Trajectory(
            ids: ids,
            logProbabilities: logProbabilities,
            lossMask: lossMask,
            turns: turns
        )
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
        makeRoom(forCount: start + newIDs.count)
        ids += newIDs
        logProbabilities += newValues
        lossMask += [UInt8](repeating: role == .model ? 1 : 0, count: newIDs.count)
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

    /// With an eighth to spare and not twice as much, for there are hundreds that grow.
    private mutating func makeRoom(forCount count: Int) {
        let room = min(ids.capacity, logProbabilities.capacity, lossMask.capacity)
        guard count > room else { return }
        let capacity = count + count / 8 + 64
        ids.reserveCapacity(capacity)
        logProbabilities.reserveCapacity(capacity)
        lossMask.reserveCapacity(capacity)
    }
}
