/// How a rank of a job ends.
public enum JobExit: Int32, Sendable {
    /// Everything is done and written.
    case done = 0
    /// Something failed; what was finished is kept.
    case failed = 1
    /// Bad input: nothing was started.
    case badInput = 2
    /// A signal or the time limit ended the job early; the same command goes on from there.
    case interrupted = 75
    /// The same, but nothing has advanced: another job of this kind would be no better.
    case interruptedWithoutProgress = 76
    /// Nothing advanced for `run.stall_seconds`; a report said who waits for whom.
    case stalled = 70
}
