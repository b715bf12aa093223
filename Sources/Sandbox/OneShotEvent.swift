import CSandboxShim
import Glibc

/// Something that happens once and that a thread can wait for.
final class OneShotEvent: Sendable {
    private let descriptor: Descriptor?

    init() {
        let number = csandbox_eventfd()
        descriptor = number < 0 ? nil : Descriptor(owning: number)
    }

    func signal() {
        let one: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]
        _ = descriptor?.write(one[...])
    }

    /// Blocks the calling thread.
    ///
    /// - Parameter limit: how long to wait.
    /// - Returns: whether it happened in time.
    func wait(for limit: Duration) -> Bool {
        guard let descriptor else { return false }
        let deadline = ContinuousClock.now + limit
        while true {
            let remaining = deadline - ContinuousClock.now
            guard remaining > .zero else { return false }
            var event = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
            let milliseconds = Int32(clamping: remaining.wholeMillisecondsRoundedUp)
            if unsafe poll(&event, 1, milliseconds) > 0 { return true }
        }
    }
}
