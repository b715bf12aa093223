private import Dispatch
private import Synchronization

/// Tells the main thread that there is something to look at.
final class Bell: Sendable {
    private let isRung = Atomic(false)
    private let rings = DispatchSemaphore(value: 0)

    /// Ends the present wait, or else the next one; good on any thread.
    func ring() {
        // Many may ring before one looks, which is one look.
        if !isRung.exchange(true, ordering: .sequentiallyConsistent) { rings.signal() }
    }

    /// Waits for a ring, at most that long.
    func wait(atMost limit: Duration) {
        let (seconds, attoseconds) = limit.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        guard rings.wait(timeout: .now() + .nanoseconds(max(0, nanoseconds))) == .success else {
            return
        }
        // From here on a ring is for the next wait: what it tells of may be seen already.
        isRung.store(false, ordering: .sequentiallyConsistent)
    }
}
