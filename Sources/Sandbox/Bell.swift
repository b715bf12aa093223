import CSandboxShim
import Glibc
import Synchronization

/// Ends a thread's wait when something has happened.
///
/// The wait is measured by the clock that nobody sets.
public final class Bell: Sendable {
    private let descriptor: Descriptor
    private let isRung = Atomic(false)

    /// A bell that has not rung.
    ///
    /// - Throws: ``SystemCallError`` when there is no descriptor left for it.
    public init() throws(SystemCallError) {
        descriptor = Descriptor(owning: try checked("eventfd", csandbox_eventfd()))
    }

    /// Ends the present wait, or else the next one; good on any thread.
    public func ring() {
        // Many may ring before one looks, which is one look.
        guard !isRung.exchange(true, ordering: .sequentiallyConsistent) else { return }
        let one: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]
        _ = descriptor.write(one[...])
    }

    /// Waits for a ring, at most that long; one thread at a time waits.
    public func wait(atMost limit: Duration) {
        var event = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        let milliseconds = Int32(clamping: max(0, limit.wholeMillisecondsRoundedUp))
        guard unsafe poll(&event, 1, milliseconds) > 0 else { return }
        var counter = [UInt8](repeating: 0, count: 8)
        _ = descriptor.read(into: &counter)
        // From here on a ring is for the next wait: what it tells of may be seen already.
        isRung.store(false, ordering: .sequentiallyConsistent)
    }
}
