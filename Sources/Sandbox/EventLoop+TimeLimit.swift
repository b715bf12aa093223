import Synchronization

extension EventLoop {
    /// Runs `operation` on this thread, and cancels it at `deadline`.
    ///
    /// The operation must end when it is cancelled: calls to the engine, the sandbox and the grader do.
    /// It is cancelled with the calling task, too.
    ///
    /// - Returns: what the operation returned, and whether the deadline had come before.
    public func run<Result: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ operation: @escaping @Sendable () async -> Result
    ) async -> (result: Result, isOver: Bool) {
        let task = Task(executorPreference: self) { await operation() }
        let limit = TimeLimit()
        let alarm = schedule(at: deadline) {
            limit.isOver.store(true, ordering: .sequentiallyConsistent)
            task.cancel()
        }
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        cancel(alarm)
        return (result, limit.isOver.load(ordering: .sequentiallyConsistent))
    }

    private final class TimeLimit: Sendable {
        let isOver = Atomic(false)
    }
}
