/// The wall-clock limit of an attempt was reached.
struct TimeLimitReached: Error {}

/// Runs `operation`, and cancels it at `deadline`.
///
/// The operation must end when it is cancelled: calls to the engine, the sandbox and the grader do. One
/// limit is two tasks and a timer, so it is for a whole attempt and not for each of its calls.
///
/// - Returns: what the operation returned, and whether the deadline had come before.
func withTimeLimit<Result: Sendable>(
    until deadline: ContinuousClock.Instant,
    _ operation: @escaping @Sendable () async -> Result
) async -> (result: Result, isOver: Bool) {
    await withTaskGroup(of: Result?.self) { group in
        group.addTask { await operation() }
        group.addTask {
            do {
                try await ContinuousClock().sleep(until: deadline)
            } catch {
                return nil  // Cancelled, for the operation is done.
            }
            return nil
        }
        var isOver = false
        while true {
            guard let next = await group.next() else {
                preconditionFailure("a group ends after its operation")
            }
            group.cancelAll()
            if let result = next { return (result, isOver) }
            isOver = true
        }
    }
}
