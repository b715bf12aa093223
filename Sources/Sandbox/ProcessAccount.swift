// What the kernel counts for a session's process: its CPU time and its memory.

import CSandboxShim
import Glibc

/// The CPU time and memory of one process, seen from outside.
struct ProcessAccount: Sendable {
    /// In this process's namespace.
    let identifier: pid_t
    /// CPU time when it was last asked for.
    private(set) var cpuTime = Duration.zero
    /// The kernel's limit on CPU time, seconds from the process's start; behind the one of each snippet,
    /// which this side watches.
    private var kernelLimit: UInt64
    private var peakBytes = 0
    /// CPU time when the peak was last looked at; nil before the first look.
    private var lookedAt: Duration?

    /// What a process can touch in this CPU time is some ten megabytes, for the kernel clears every page
    /// before; looking takes a third of the time of a short snippet.
    private static let briefly = Duration.milliseconds(1)

    /// The account of the process behind `process`, which was started with `kernelLimit` seconds of CPU
    /// time; nil when it has ended.
    init?(of process: Descriptor, kernelLimit: UInt64) {
        guard let identifier = ProcessFiles.identifier(ofProcess: process) else { return nil }
        self.identifier = identifier
        self.kernelLimit = kernelLimit
    }

    /// Sees to it that the kernel's limit leaves `seconds` of CPU time.
    ///
    /// Few sessions use so much that it has to be moved. Root without CAP_SYS_RESOURCE may not move the
    /// limit of the user that it has become: then the first one holds for all snippets together.
    mutating func allow(seconds: UInt64, next: UInt64) {
        let needed = UInt64(max(0, cpuTime.components.seconds)) + seconds
        guard needed > kernelLimit else { return }
        kernelLimit = needed + next
        _ = csandbox_set_cpu_limit(identifier, kernelLimit, UInt64.max)
    }

    /// The CPU time of all its threads until now; nil when it has ended.
    mutating func lookAtCPUTime() -> Duration? {
        var used = timespec()
        guard unsafe csandbox_cpu_time(identifier, &used) == 0 else {
            // How much it has done since the last look is not known.
            lookedAt = nil
            return nil
        }
        cpuTime = .seconds(used.tv_sec) + .nanoseconds(used.tv_nsec)
        return cpuTime
    }

    /// How long it has been ready to run and waited for a processor; nil when the kernel does not tell.
    var queuedTime: Duration? { ProcessFiles.queuedTime(of: identifier) }

    /// Whether it may have touched more than a few pages since the last look at its peak.
    var mayHaveGrown: Bool { lookedAt.map { cpuTime - $0 >= Self.briefly } ?? true }

    /// The memory that it shares with no other process; nil when only others may look.
    var privateBytes: Int? { ProcessFiles.privateBytes(of: identifier) }

    /// The largest resident memory up to the last look at the CPU time; within some ten megabytes after
    /// short snippets, and 0 when it cannot be learnt.
    mutating func lookAtPeak() -> Int {
        guard mayHaveGrown else { return peakBytes }
        lookedAt = cpuTime
        peakBytes = max(peakBytes, ProcessFiles.peakBytes(of: identifier))
        return peakBytes
    }
}
