// A worker's half of the run: a root task that keeps a bounded number of attempts going.

import RolloutModel
import Rollouts

/// Makes the attempts that come through its inbox, many at once.
final class Worker: Sendable {
    /// Attempts to make.
    let inbox = ShardInbox()
    /// Episodes made.
    let outbox = EpisodeOutbox()
    /// How many attempts go on at once.
    let gate: ConcurrencyGate

    private let runner: EpisodeRunner
    private let problems: [Problem]

    /// A worker that makes at most `concurrency` attempts at once, for a start.
    init(runner: EpisodeRunner, problems: [Problem], concurrency: Int) {
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
    /// Cancelling it ends the attempts; those come out as unfinished.
    func run() async {
        await withDiscardingTaskGroup { group in
            while let task = await inbox.take() {
                await gate.enter()
                group.addTask { [self] in
                    await make(task)
                    gate.leave()
                }
            }
        }
    }

    private func make(_ task: EpisodeTask) async {
        do {
            outbox.put(try await runner.run(task, problem: problems[task.problem.value]))
        } catch {
            outbox.put(unfinished: task, loss: "\(error)")
        }
    }
}
