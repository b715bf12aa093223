import Synchronization

/// A number of slots, given to waiting tasks in the order in which they came.
final class SlotQueue: Sendable {
    private struct State {
        var freeCount: Int
        var isClosed = false
        var nextTicket = 0
        var waiting: [(ticket: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        /// Tickets cancelled before they came to wait.
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    /// `count` free slots.
    init(count: Int) { state = Mutex(State(freeCount: count)) }

    /// Waits for a slot.
    ///
    /// - Throws: `CancellationError`, or ``GradingError/closed``.
    func acquire() async throws {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(ticket) != nil {
                        return .failure(CancellationError())
                    }
                    if state.isClosed { return .failure(GradingError.closed) }
                    if state.freeCount > 0 {
                        state.freeCount -= 1
                        return .success(())
                    }
                    state.waiting.append((ticket, continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                    state.cancelled.insert(ticket)
                    return nil
                }
                return state.waiting.remove(at: index).continuation
            }
            waiter?.resume(throwing: CancellationError())
        }
        // A cancellation that came after the slot was given leaves its mark; take it away.
        _ = state.withLock { $0.cancelled.remove(ticket) }
    }

    /// Gives a slot back.
    func release() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            if state.waiting.isEmpty {
                state.freeCount += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume()
    }

    /// Refuses everyone who waits and who will come.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting {
            waiter.continuation.resume(throwing: GradingError.closed)
        }
    }
}
