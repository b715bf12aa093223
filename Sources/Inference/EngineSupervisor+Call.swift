extension EngineSupervisor {
    /// Makes one call of the engine, through restarts and, within a bound, through failures.
    ///
    /// Only calls that generate count as a sign of life: the web server in front of a core that
    /// hangs goes on answering everything else.
    ///
    /// - Parameters:
    ///   - generates: whether the call needs the model itself.
    ///   - body: the call.
    /// - Returns: the result, and how often the call was sent again.
    /// - Throws: ``InferenceError`` when sending the call again cannot help, or did not.
    nonisolated func call<Value: Sendable>(
        generates: Bool = false,
        _ body: @Sendable (EngineClient) async throws(InferenceError) -> Value
    ) async throws(InferenceError) -> (value: Value, retryCount: Int) {
        var retryCount = 0
        var ownFailureCount = 0
        if generates { vitals.begin() }
        do throws(InferenceError) {
            while true {
                let service = try await serviceable()
                do throws(InferenceError) {
                    let value = try await body(service.client)
                    if generates { vitals.end(isDone: true) }
                    return (value, retryCount)
                } catch {
                    guard error.isRetryable, !Task.isCancelled else { throw error }
                    if await !takesBlame(service, for: error) {
                        ownFailureCount += 1
                        guard ownFailureCount <= retryLimit(error) else { throw error }
                        try await EngineServer.pause(Self.pause(after: ownFailureCount))
                    }
                }
                retryCount += 1
                vitals.noteRetry()
            }
        } catch {
            if generates { vitals.end(isDone: false) }
            var last = error
            last.retryCount = retryCount
            throw last
        }
    }

    /// A call that took too long on an engine that is well would mostly do so again.
    private nonisolated func retryLimit(_ error: InferenceError) -> Int {
        if case .timedOut = error.cause { min(1, options.retryLimit) } else { options.retryLimit }
    }

    /// A tenth of a second, doubled with each failure, up to ten seconds.
    private static func pause(after failureCount: Int) -> Duration {
        min(.seconds(10), .milliseconds(50) * (1 << min(failureCount, 10)))
    }
}
