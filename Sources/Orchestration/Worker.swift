// A worker's half of the run: a root task that keeps a bounded number of attempts going.

import Logging
import RolloutModel
import Rollouts
private import Synchronization

/// Makes the attempts that come through its inbox, many at once.
final class Worker: Sendable {
    /// Attempts to make.
    let inbox = ShardInbox()
    /// Episodes made.
    let outbox = EpisodeOutbox()
    /// Most attempts at once.
    let concurrency: Int

    private let runner: EpisodeRunner
    private let problems: [Problem]
    private let logger: Logger
    private let running = Mutex(0)

    /// A worker that makes at most `concurrency` attempts at once.
    init(runner: EpisodeRunner, problems: [Problem], concurrency: Int, logger: Logger) {
        precondition(concurrency >= 1, "a worker makes at least one attempt at a time")
        self.runner = runner
        self.problems = problems
        self.concurrency = concurrency
        self.logger = logger
    }

    /// Attempts being made now.
    var inFlightCount: Int { running.withLock { $0 } }

    /// Attempts it could begin, beyond those it has.
    var freeSlots: Int { max(0, concurrency - inFlightCount - inbox.count) }

    /// The root task: ends when the inbox is closed and the last attempt is over.
    ///
    /// Cancelling it ends the attempts; those come out as unfinished.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            var startedCount = 0
            while true {
                if startedCount >= concurrency { await group.next() }
                guard let task = await inbox.take() else { break }
                startedCount += 1
                running.withLock { $0 += 1 }
                group.addTask { [self] in
                    await make(task)
                    running.withLock { $0 -= 1 }
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
