internal import Synchronization

/// The identity of one request, and whether its task was cancelled.
///
/// The flag is set before the cancellation is posted, so that a cancellation that overtakes its
/// submission is seen when the transfer is about to start.
final class Ticket: Sendable {
    let isCancelled = Atomic(false)
}

/// A request on its way to the transfer loop.
struct Submission: Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPError.Cause>

    let request: HTTPRequest
    let ticket: Ticket
    let continuation: CheckedContinuation<Outcome, Never>
}

/// Where tasks leave work for the transfer loop.
final class Mailbox: Sendable {
    /// What one look into the mailbox yields.
    struct Contents {
        var submissions: [Submission] = []
        var cancellations: [Ticket] = []
        var isClosed = false
    }

    fileprivate struct State {
        var contents = Contents()
        /// Wakes the loop; nil before it runs and after it has ended.
        var wake: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Called before anything is left; `wake` may be called from any thread.
    func open(wake: @escaping @Sendable () -> Void) {
        state.withLock { $0.wake = wake }
    }

    /// Everything left so far.
    func take() -> Contents {
        state.withLock { state in
            defer {
                state.contents.submissions = []
                state.contents.cancellations = []
            }
            return state.contents
        }
    }

    /// Called by the loop when it ends: nothing is woken afterwards.
    ///
    /// - Returns: what was left since the last ``take()``.
    func seal() -> Contents {
        state.withLock { state in
            state.wake = nil
            state.contents.isClosed = true
            defer { state.contents.submissions = [] }
            return state.contents
        }
    }

    func submit(_ submission: Submission) {
        let isAccepted = state.withLock { state in
            guard !state.contents.isClosed else { return false }
            state.contents.submissions.append(submission)
            state.wakeIfFirst()
            return true
        }
        if !isAccepted { submission.continuation.resume(returning: .failure(.closed)) }
    }

    func cancel(_ ticket: Ticket) {
        ticket.isCancelled.store(true, ordering: .sequentiallyConsistent)
        state.withLock { state in
            guard !state.contents.isClosed else { return }
            state.contents.cancellations.append(ticket)
            state.wakeIfFirst()
        }
    }

    func close() {
        state.withLock { state in
            state.contents.isClosed = true
            state.wake?()
        }
    }
}

extension Mailbox.State {
    fileprivate func wakeIfFirst() {
        if contents.submissions.count + contents.cancellations.count == 1 { wake?() }
    }
}
