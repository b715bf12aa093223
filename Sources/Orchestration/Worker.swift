// A worker's half of the run: a root task that keeps a bounded number of attempts going.

import RolloutModel
import Rollouts

/// Who makes an attempt: the runner over started services, or a simulation without any.
protocol AttemptMaker: Sendable {
    /// Which attempts wait for what.
    var whereabouts: Whereabouts { get }

    /// Makes one attempt, or goes on with what an earlier job has of it.
    ///
    /// - Throws: ``EpisodeRunner/Interrupted`` when cancelled; any other error loses the worker.
    func run(_ task: EpisodeTask, problem: Problem, from record: Episode?) async throws -> Episode
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

    /// Which attempts wait for what.
    var whereabouts: Whereabouts { runner.whereabouts }

    private let runner: any AttemptMaker
    private let problems: [Problem]

    /// A worker that makes at most `concurrency` attempts at once, for a start.
    init(runner: any AttemptMaker, problems: [Problem], concurrency: Int) {
        self.runner = runner
        self.problems = problems
        gate = ConcurrencyGate(limit: concurrency)
    }

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
                }
            }
        }
    }

    private func make(_ assignment: Assignment) async {
        let task = assignment.task
        do {
            outbox.put(
                try await runner.run(
                    task,
                    problem: problems[task.problem.value],
                    from: assignment.record
                )
            )
        } catch let interruption as EpisodeRunner.Interrupted {
            // One that got no further keeps what an earlier job had made of it, for that lies in the
            // run directory still: a replay that was cut off has only a part of it.
            let known = assignment.record?.trajectory.ids.count ?? 0
            if let soFar = interruption.soFar, soFar.trajectory.ids.count > known {
                outbox.put(record: soFar)
            }
        } catch {
            outbox.put(unfinished: task, loss: "\(error)")
        }
    }
}
