import Foundation

/// What Slurm says of the job, where it runs us.
enum BatchSystem {
    /// Time until the job is ended; nil when nobody has set an end.
    ///
    /// The end is a wall-clock time of the controller's clock. It counts only within the job that the
    /// variable was made for: a shell that was left with old variables says nothing.
    static func timeLeft(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        now: Date = .now
    ) -> Duration? {
        guard environment["SLURM_JOB_ID"] != nil,
            let end = environment["SLURM_JOB_END_TIME"].flatMap(Double.init)
        else { return nil }
        let left = end - now.timeIntervalSince1970
        return left > 0 ? .seconds(left) : nil
    }
}
