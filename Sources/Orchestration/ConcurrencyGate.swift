private import Synchronization

/// Lets a bounded number of attempts go on at once; the bound may change while they do.
final class ConcurrencyGate: Sendable {
    private struct State {
        var limit: Int
        var runningCount = 0
        var waiter: CheckedContinuation<Void, Never>?
        var isOpen = false

        /// Takes a place for the waiter when there is one for it.
        mutating func admitted() -> CheckedContinuation<Void, Never>? {
            guard runningCount < limit || isOpen, let waiter else { return nil }
            runningCount += 1
            self.waiter = nil
            return waiter
        }
    }

    private let state: Mutex<State>

    /// A gate for `limit` attempts, at least 1.
    init(limit: Int) {
        precondition(limit >= 1, "a worker makes at least one attempt at a time")
        state = Mutex(State(limit: limit))
    }

    /// The bound now.
    var limit: Int { state.withLock { $0.limit } }

    /// Attempts that have entered and not left.
    var runningCount: Int { state.withLock { $0.runningCount } }

    /// Waits for a place and takes it; one task at a time waits.
    func enter() async {
        await withCheckedContinuation { continuation in
            let admitted = state.withLock { state in
                precondition(state.waiter == nil, "one task enters at a time")
                state.waiter = continuation
                return state.admitted()
            }
            admitted?.resume()
        }
    }

    /// Gives a place back.
    func leave() { change { $0.runningCount -= 1 } }

    /// Sets the bound; attempts beyond a smaller one go on to their end.
    func setLimit(_ limit: Int) { change { $0.limit = max(1, limit) } }

    /// Lets everybody in from now on: the run is ending, and nobody may wait.
    func open() { change { $0.isOpen = true } }

    private func change(_ body: (inout State) -> Void) {
        let admitted = state.withLock { state in
            body(&state)
            return state.admitted()
        }
        admitted?.resume()
    }
}
