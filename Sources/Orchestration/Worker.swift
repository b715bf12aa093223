// A worker's half of the run: a root task that keeps a bounded number of attempts going.

import RolloutModel
import Rollouts
import Sandbox
private import Synchronization

/// Who makes an attempt: the runner over started services, or a simulation without any.
protocol AttemptMaker: Sendable {
    /// Which attempts wait for what.
    var whereabouts: Whereabouts { get }

    /// Makes one attempt with what `policy` says, or goes on with what an earlier job has of it.
    ///
    /// - Throws: ``/Rollouts/EpisodeRunner/Interrupted`` when cancelled; one with a loss, and any other
    ///   error, loses the worker.
    func run(
        _ task: EpisodeTask,
        problem: Problem,
        policy: Policy,
        from record: Episode?
    ) async throws -> Episode
}

extension EpisodeRunner: AttemptMaker {}

/// Makes the attempts that come through its inbox, many at once.
final class Worker: Sendable {
    /// Attempts to make.
    let inbox = ShardInbox()
    /// Episodes made.
    let outbox = EpisodeOutbox()
    /// How many attempts go on at once.
    let gate: ConcurrencyGate
    /// Rings when an attempt is over; others ring it for what else is worth a look.
    let bell: Bell

    /// Which attempts wait for what.
    var whereabouts: Whereabouts { runner.whereabouts }

    private let runner: any AttemptMaker
    private let problems: [Problem]
    private let reward: RewardRule?
    private let policy: Mutex<Policy>

    /// A worker that makes at most `concurrency` attempts at once, for a start, and rewards them by
    /// `reward`, or without one by the grader's verdict alone.
    init(
        runner: any AttemptMaker,
        problems: [Problem],
        policy: Policy,
        reward: RewardRule? = nil,
        concurrency: Int
    ) throws {
        self.runner = runner
        self.problems = problems
        self.reward = reward
        self.policy = Mutex(policy)
        gate = ConcurrencyGate(limit: concurrency)
        bell = try Bell()
    }

    /// What attempts that begin from now on are sampled from.
    func sample(from policy: Policy) { self.policy.withLock { $0 = policy } }

    /// Attempts being made now.
    var inFlightCount: Int { gate.runningCount }

    /// Attempts it could begin, beyond those it has.
    var freeSlots: Int { max(0, gate.limit - gate.runningCount - inbox.count) }

    /// The root task: ends when the inbox is closed and the last attempt is over.
    ///
    /// Cancelling it cuts the attempts off; what there is of them comes out as records.
    func run() async {
        await withDiscardingTaskGroup { group in
            while let assignment = await inbox.take() {
                await gate.enter()
                group.addTask { [self] in
                    await make(assignment)
                    gate.leave()
                    bell.ring()
                }
            }
        }
    }

    private func make(_ assignment: Assignment) async {
        let task = assignment.task
        if let record = assignment.record, record.status != .unfinished {
            // An earlier job made it and could not write it with the others of its step.
            outbox.put(record)
            return
        }
        do {
            let episode = try await runner.run(
                task,
                problem: problems[task.problem.value],
                policy: policy.withLock { $0 },
                from: assignment.record
            )
            outbox.put(reward?.applied(to: episode) ?? episode)
        } catch let interruption as EpisodeRunner.Interrupted {
            // One that got no further keeps what an earlier job had made of it, for that lies in the
            // run directory still: a replay that was cut off has only a part of it.
            let known = assignment.record?.trajectory.ids.count ?? 0
            if let soFar = interruption.soFar, soFar.trajectory.ids.count > known {
                outbox.put(record: soFar)
            }
            if let loss = interruption.loss { outbox.put(unfinished: task, loss: loss) }
        } catch {
            outbox.put(unfinished: task, loss: "\(error)")
        }
    }
}
