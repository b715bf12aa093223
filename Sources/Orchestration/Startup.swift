private import Synchronization

/// Something asynchronous that the main thread watches without waiting for it.
final class Startup<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let task: Mutex<Task<Void, Never>?> = Mutex(nil)

    /// Begins `operation` in a task of its own.
    init(_ operation: @escaping @Sendable () async throws -> Value) {
        let work = Task { [self] in
            let outcome: Result<Value, any Error>
            do {
                outcome = .success(try await operation())
            } catch {
                outcome = .failure(error)
            }
            result.withLock { $0 = outcome }
        }
        task.withLock { $0 = work }
    }

    /// What became of it; nil while it goes on.
    var outcome: Result<Value, any Error>? { result.withLock { $0 } }

    /// Asks it to end early.
    func cancel() { task.withLock { $0 }?.cancel() }
}
