import Dispatch
import Synchronization

/// The bridge from a synchronous command to asynchronous services.
///
/// Commands run on the main thread without `async`, because an asynchronous main would leave it.
/// Only for commands that are not part of an MPI job: while the main thread is blocked here, no
/// message is received.
enum BlockingTask {
    /// Runs `operation` in a task and blocks this thread until it has ended.
    ///
    /// - Returns: what `operation` returned.
    /// - Throws: what `operation` threw.
    static func value<Value: Sendable>(
        of operation: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let outcome = Outcome<Value>()
        let ended = DispatchSemaphore(value: 0)
        Task {
            do {
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
    private final class Outcome<Value: Sendable>: Sendable {
        private let stored = Mutex<Result<Value, any Error>?>(nil)

        func set(_ result: Result<Value, any Error>) { stored.withLock { $0 = result } }

        var result: Result<Value, any Error> {
            stored.withLock { stored in
                guard let stored else { preconditionFailure("the semaphore follows the result") }
                return stored
            }
        }
    }
}
