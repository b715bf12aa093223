// What an attempt has been through so far, and the episode that becomes of it.

private import Foundation
internal import Grading
internal import RolloutModel
internal import Sandbox

/// One attempt while it is being made.
struct Attempt: Sendable {
    let task: EpisodeTask
    let policy: Policy
    var started = ContinuousClock.now
    var loop: AgentLoop
    var session: SandboxSession?
    var toolCalls: [ToolCall] = []
    var status = Episode.Status.completed
    var finish = Episode.Finish.failure
    var failure = ""
    var grade = Grade(outcome: .ungraded, answer: "", canonicalAnswer: "", wallSeconds: 0)
    var isCopiedFromStatement = false
    /// Special texts in the statement that were broken.
    let neutralizedInPrompt: Int
    var retryCount = 0
    var cachedTokenCount = 0
    var times: Episode.Times
    /// As they were after the last complete step: what an attempt that is cut off has taken.
    private(set) var settledTimes: Episode.Times

    init(task: EpisodeTask, policy: Policy, loop: AgentLoop, neutralizedInPrompt: Int) {
        self.neutralizedInPrompt = neutralizedInPrompt
        self.task = task
        self.policy = policy
        self.loop = loop
        times = Episode.Times(startedAt: Date.now.timeIntervalSince1970)
        settledTimes = times
    }

    /// A step is complete.
    mutating func settle() {
        settledTimes = times
        settledTimes.total = elapsedSeconds
    }

    private var elapsedSeconds: Double { (ContinuousClock.now - started).seconds }

    /// Takes over the counts and times of a record: its limit is one for both jobs together.
    mutating func resume(_ record: Episode) {
        started -= .seconds(record.times.total)
        times = record.times
        settledTimes = times
        retryCount = record.retryCount
        cachedTokenCount = record.cachedTokenCount
    }

    /// What there is of it while it has no end; nil without a prompt.
    ///
    /// Snippets of a turn whose outputs are not in the context yet will be run again.
    func soFar(settings: EpisodeRunner.Settings) throws -> Episode? {
        let turns = loop.trajectory.turns
        guard !turns.isEmpty else { return nil }
        var partial = self
        partial.status = .unfinished
        partial.finish = .interrupted
        partial.grade = Grade(outcome: .ungraded, answer: "", canonicalAnswer: "", wallSeconds: 0)
        partial.toolCalls.removeAll { $0.turnIndex + 1 >= turns.count }
        // The time after its last turn was the job's, or that of an engine that was away.
        return try partial.episode(settings: settings, times: settledTimes)
    }

    mutating func fail(_ status: Episode.Status, _ reason: String) {
        self.status = status
        finish = .failure
        failure = reason
    }

    /// The attempt as a record.
    func episode(settings: EpisodeRunner.Settings) throws -> Episode {
        var times = times
        times.total = elapsedSeconds
        return try episode(settings: settings, times: times)
    }

    private func episode(
        settings: EpisodeRunner.Settings,
        times: Episode.Times
    ) throws -> Episode {
        Episode(
            task: task,
            status: status,
            finish: finish,
            failure: failure,
            trajectory: try loop.trajectory.trajectory(),
            toolCalls: toolCalls,
            grade: grade,
            isCopiedFromStatement: isCopiedFromStatement,
            neutralizedCount: neutralizedInPrompt + loop.neutralizedCount,
            opensThought: loop.opensThought,
            reward: grade.outcome == .right ? 1 : 0,
            rewardParts: RewardParts(accuracy: grade.outcome == .right ? 1 : 0),
            policyVersion: policy.version,
            seed: task.seed(runSeed: settings.runSeed, turnIndex: 0),
            temperature: policy.temperature,
            retryCount: retryCount,
            cachedTokenCount: cachedTokenCount,
            times: times
        )
    }
}
