// What a person sees while the run goes on: one line, made from counts and a clock reading.

import RolloutModel

/// Where a run stands.
struct Progress: Hashable, Sendable {
    /// Attempts with an outcome, those of earlier runs included.
    var doneCount = 0
    /// Attempts in all.
    var taskCount = 0
    /// Problems whose samples all have an outcome.
    var problemDoneCount = 0
    /// Problems in all.
    var problemCount = 0
    /// Attempts with an outcome made by this job.
    var madeCount = 0
    /// Tokens sampled by this job's finished attempts.
    var sampledTokenCount = 0
    /// Snippets run by this job's finished attempts.
    var toolCallCount = 0
    /// Attempts that ended by a failure outside the model, by where it was.
    var failureCounts: [String: Int] = [:]
    /// Engine restarts in this job.
    var restartCount = 0
    /// Right answers among the done.
    var rightCount = 0
    /// Attempts that workers hold.
    var heldCount = 0
    /// Time since the first attempt was handed out, seconds.
    var elapsedSeconds = 0.0

    /// One line for a terminal or a log.
    var line: String {
        let perSecond = elapsedSeconds > 0 ? Double(madeCount) / elapsedSeconds : 0
        let tokensPerSecond = elapsedSeconds > 0 ? Double(sampledTokenCount) / elapsedSeconds : 0
        let callsPerSecond = elapsedSeconds > 0 ? Double(toolCallCount) / elapsedSeconds : 0
        var parts = [
            "problems \(problemDoneCount)/\(problemCount)",
            "episodes \(doneCount)/\(taskCount)",
            "\(Self.rounded(perSecond)) episodes/s",
            "\(Self.rounded(tokensPerSecond)) tokens/s",
            "\(Self.rounded(callsPerSecond)) tool calls/s",
            "in flight \(heldCount)",
        ]
        if doneCount > 0 {
            parts.append("right \(Int((100 * Double(rightCount) / Double(doneCount)).rounded())) %")
        }
        if !failureCounts.isEmpty {
            let kinds = failureCounts.sorted { $0.key < $1.key }
            parts.append("failed " + kinds.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        }
        if restartCount > 0 { parts.append("engine restarts \(restartCount)") }
        parts.append("elapsed \(Self.clock(elapsedSeconds))")
        if let left = secondsLeft { parts.append("ETA \(Self.clock(left))") }
        return parts.joined(separator: " | ")
    }

    /// Adds what this job made.
    mutating func count(_ outcomes: [EpisodeOutcome]) {
        madeCount += outcomes.count
        for outcome in outcomes {
            sampledTokenCount += outcome.outputTokenCount
            toolCallCount += outcome.toolCallCount
            if outcome.status != .completed {
                failureCounts[outcome.status.rawValue, default: 0] += 1
            }
        }
    }

    /// Expected time to the end at the mean rate so far; nil before there is a rate.
    var secondsLeft: Double? {
        guard madeCount > 0, elapsedSeconds > 0, doneCount < taskCount else { return nil }
        return Double(taskCount - doneCount) * elapsedSeconds / Double(madeCount)
    }

    private static func rounded(_ value: Double) -> String {
        value >= 100 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
    }

    /// Seconds as `h:mm:ss` or `m:ss`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
    }
}
