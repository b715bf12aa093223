private import Dispatch
private import Synchronization

/// The bridge from the synchronous main thread to asynchronous services.
///
/// Programs have no asynchronous main, because that would leave the main thread, which owns MPI and
/// HDF5. While it is blocked here, no message is received: in a job only before the first one, or
/// after the last.
public enum BlockingTask {
    /// Runs `operation` in a task and blocks this thread until it has ended.
    ///
    /// - Returns: what `operation` returned.
    /// - Throws: what `operation` threw.
    public static func value<Value: Sendable, Failure: Error>(
        of operation: @escaping @Sendable () async throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let outcome = Outcome<Value, Failure>()
        let ended = DispatchSemaphore(value: 0)
        Task {
            do throws(Failure) {
                outcome.set(.success(try await operation()))
            } catch {
                outcome.set(.failure(error))
            }
            ended.signal()
        }
        ended.wait()
        return try outcome.result.get()
    }

    /// What the task leaves for the thread that waits.
    private final class Outcome<Value: Sendable, Failure: Error>: Sendable {
        private let stored = Mutex<Result<Value, Failure>?>(nil)

        func set(_ result: Result<Value, Failure>) { stored.withLock { $0 = result } }

        var result: Result<Value, Failure> {
            stored.withLock { stored in
                guard let stored else { preconditionFailure("the semaphore follows the result") }
                return stored
            }
        }
    }
}
