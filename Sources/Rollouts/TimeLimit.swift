/// The wall-clock limit of an attempt was reached.
struct TimeLimitReached: Error {}

/// Runs `operation`, or cancels it and throws ``TimeLimitReached`` at `deadline`.
///
/// The operation must end when it is cancelled: calls to the engine, the sandbox and the grader do.
func withTimeLimit<Result: Sendable>(
    until deadline: ContinuousClock.Instant,
    _ operation: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await ContinuousClock().sleep(until: deadline)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else {
            throw TimeLimitReached()
        }
        return result
    }
}
