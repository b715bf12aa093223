private import Dispatch

/// Runs `operation` in a task and blocks this thread until it has ended.
///
/// Only for the main thread at the very end of a rank, when no message can come any more.
func blockMainThread(until operation: @escaping @Sendable () async -> Void) {
    let done = DispatchSemaphore(value: 0)
    Task {
        await operation()
        done.signal()
    }
    done.wait()
}
