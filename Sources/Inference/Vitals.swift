internal import Synchronization

/// What the calls that generate tell of the engine's health, and what it went through.
final class Vitals: Sendable {
    private struct State {
        var waitingCount = 0
        var doneCount = 0
        var retryCount = 0
        var restartCount = 0
    }

    private let state = Mutex(State())

    /// Calls that wait for the engine now.
    var waitingCount: Int { state.withLock { $0.waitingCount } }
    /// Calls that got an answer so far.
    var doneCount: Int { state.withLock { $0.doneCount } }
    /// Calls sent again so far.
    var retryCount: Int { state.withLock { $0.retryCount } }
    /// Starts of a server after the first, failed ones included.
    var restartCount: Int { state.withLock { $0.restartCount } }

    func begin() { state.withLock { $0.waitingCount += 1 } }

    func end(isDone: Bool) {
        state.withLock { state in
            state.waitingCount -= 1
            if isDone { state.doneCount += 1 }
        }
    }

    func noteRetry() { state.withLock { $0.retryCount += 1 } }

    func noteRestart() { state.withLock { $0.restartCount += 1 } }
}
