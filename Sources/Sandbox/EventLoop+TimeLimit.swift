import Synchronization

extension EventLoop {
    /// Runs `operation` on the loop's thread, and cancels it at `deadline`.
    ///
    /// The operation must end when it is cancelled: calls to the engine, the sandbox and the grader do.
    /// It is cancelled with the calling task, too.
    ///
    /// - Returns: what the operation returned, and whether the deadline had come before.
    public func run<Result: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ operation: @escaping @Sendable () async -> Result
    ) async -> (result: Result, isOver: Bool) {
        let race = Race()
        // No child task: an alarm can cancel this one alone, without a second task that waits for it.
        let task = Task(executorPreference: self) {
            let result = await operation()
            return (result, isOver: !race.takesWin(.operation))
        }
        let alarm = schedule(at: deadline) {
            if race.takesWin(.deadline) { task.cancel() }
        }
        let end = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        cancel(alarm)
        return end
    }

    /// Which of two came first.
    private final class Race: Sendable {
        enum Runner { case operation, deadline }

        private let winner = Mutex<Runner?>(nil)

        /// Whether `runner` is first: the first to ask is.
        func takesWin(_ runner: Runner) -> Bool {
            winner.withLock { winner in
                if winner == nil { winner = runner }
                return winner == runner
            }
        }
    }
}
