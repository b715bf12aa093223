// What the kernel counts for a session's process: its CPU time, which is limited anew for every
// snippet, and its largest memory.

import CSandboxShim
import Glibc

/// The CPU time and memory of one process, seen from outside.
struct ProcessAccount: Sendable {
    /// In this process's namespace.
    let identifier: pid_t
    /// CPU time when it was last asked for.
    private var cpuTime = Duration.zero
    /// Until the kernel has refused.
    private var mayMoveLimit = true
    private var peakBytes = 0
    /// CPU time when the memory was last looked at; nil before the first look.
    private var lookedAt: Duration?

    /// What a process can touch in this CPU time is some ten megabytes, for the kernel clears every page
    /// before; looking takes a third of the time of a short snippet.
    private static let briefly = Duration.milliseconds(1)

    /// The account of the process behind `process`; nil when it has ended.
    init?(of process: Descriptor) {
        guard let identifier = ProcessFiles.identifier(ofProcess: process) else { return nil }
        self.identifier = identifier
    }

    /// Allows the next snippet `seconds` of CPU time.
    ///
    /// The kernel counts from the process's start, so the limit moves with every snippet. Root without
    /// CAP_SYS_RESOURCE may not move the limit of the user that it has become: then the limit that the
    /// process starts with holds for all its snippets together, and the clock for each.
    mutating func allow(seconds: Int) {
        guard mayMoveLimit else { return }
        let limit = UInt64(cpuTime.components.seconds + 1) + UInt64(seconds)
        if csandbox_set_cpu_limit(identifier, limit, UInt64.max) != 0, csandbox_errno() == EPERM {
            mayMoveLimit = false
        }
    }

    /// Ends what the last snippet was allowed: between snippets a process waits, and one that has
    /// answered and works on soon meets its limit.
    mutating func endAllowance() {
        var used = timespec()
        guard unsafe csandbox_cpu_time(identifier, &used) == 0 else {
            // How much it has done since the last look is not known.
            lookedAt = nil
            return
        }
        cpuTime = .seconds(used.tv_sec) + .nanoseconds(used.tv_nsec)
        allow(seconds: 1)
    }

    /// The largest resident memory up to ``endAllowance()``; within some ten megabytes after short
    /// snippets, and 0 when it cannot be learnt.
    mutating func lookAtPeak() -> Int {
        if let lookedAt, cpuTime - lookedAt < Self.briefly { return peakBytes }
        lookedAt = cpuTime
        peakBytes = max(peakBytes, ProcessFiles.peakBytes(of: identifier))
        return peakBytes
    }
}
