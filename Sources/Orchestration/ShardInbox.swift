private import DequeModule
import RolloutModel
private import Synchronization

/// An attempt to make, with what an earlier job has of it.
struct Assignment: Hashable, Sendable {
    let task: EpisodeTask
    /// Where the attempt goes on; nil when it begins.
    var record: Episode?
}

/// The door from the main thread to a worker's tasks: attempts to make.
///
/// The main thread puts in and closes; one task takes out. Neither ever blocks a thread.
final class ShardInbox: Sendable {
    private struct State {
        var tasks: Deque<Assignment> = []
        var isClosed = false
        var waiter: CheckedContinuation<Assignment?, Never>?
    }

    private let state = Mutex(State())

    /// Attempts that nobody has taken out yet.
    var count: Int { state.withLock { $0.tasks.count } }

    /// Adds attempts at the end; after closing they are dropped, as nobody would take them.
    func put(_ assignments: [Assignment]) {
        let wakeUp = state.withLock { state -> (() -> Void)? in
            guard !state.isClosed else { return nil }
            state.tasks.append(contentsOf: assignments)
            guard let waiter = state.waiter, let first = state.tasks.popFirst() else { return nil }
            state.waiter = nil
            return { waiter.resume(returning: first) }
        }
        wakeUp?()
    }

    /// The next attempt; waits for one, and is nil once the inbox is closed.
    func take() async -> Assignment? {
        await withCheckedContinuation { continuation in
            let wakeUp = state.withLock { state -> (() -> Void)? in
                if state.isClosed { return { continuation.resume(returning: nil) } }
                if let task = state.tasks.popFirst() {
                    return { continuation.resume(returning: task) }
                }
                precondition(state.waiter == nil, "one task takes from an inbox")
                state.waiter = continuation
                return nil
            }
            wakeUp?()
        }
    }

    /// Gives back what was not taken; the taking goes on.
    func takeBack() -> [EpisodeTask] {
        state.withLock { state in
            defer { state.tasks = [] }
            return state.tasks.map(\.task)
        }
    }

    /// Ends the taking, and gives back what was not taken.
    func close() -> [EpisodeTask] {
        let (left, waiter) = state.withLock { state in
            defer {
                state.isClosed = true
                state.tasks = []
                state.waiter = nil
            }
            return (state.tasks.map(\.task), state.waiter)
        }
        waiter?.resume(returning: nil)
        return left
    }
}
