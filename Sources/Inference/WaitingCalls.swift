/// The calls that wait for a server to come into service.
struct WaitingCalls {
    typealias Outcome = Result<EngineSupervisor.Service, InferenceError>
    typealias Continuation = CheckedContinuation<Outcome, Never>

    static let cancelled = Outcome.failure(
        InferenceError(operation: "waiting for the engine", endpoint: nil, cause: .cancelled)
    )

    private var continuations: [Int: Continuation] = [:]
    private var nextTicket = 0

    /// A number under which one call can wait and be cancelled.
    mutating func ticket() -> Int {
        defer { nextTicket += 1 }
        return nextTicket
    }

    mutating func add(_ ticket: Int, _ continuation: Continuation) {
        continuations[ticket] = continuation
    }

    /// Ends the wait of one call, if it still waits.
    mutating func cancel(_ ticket: Int) {
        continuations.removeValue(forKey: ticket)?.resume(returning: Self.cancelled)
    }

    /// Ends the wait of all calls.
    mutating func release(_ outcome: Outcome) {
        let released = continuations.values
        continuations = [:]
        for continuation in released { continuation.resume(returning: outcome) }
    }
}
