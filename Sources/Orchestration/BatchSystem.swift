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
        // An end that no clock reaches is ignored.
        return left > 0 && left < 1e9 ? .seconds(left) : nil
    }
}

extension BatchSystem {
    /// srun has started several tasks, and MPI makes each a job of its own.
    struct LoneRanks: Error, Hashable, CustomStringConvertible {
        let taskCount: Int

        var description: String {
            "srun started \(taskCount) tasks, but MPI sees one rank in each: they do not know of each "
                + "other; start them with srun --mpi=pmix (srun --mpi=list shows what there is), "
                + "or with mpirun"
        }
    }

    /// Checks that the tasks of a step are the ranks of one job.
    ///
    /// Slurm's variables alone say nothing: a shell may have been left with them.
    ///
    /// - Throws: ``LoneRanks``
    static func checkRanks(
        rankCount: Int,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        isBelowSlurm: Bool = isBelow("slurmstepd")
    ) throws(LoneRanks) {
        guard rankCount == 1, isBelowSlurm, environment["OMPI_COMM_WORLD_SIZE"] == nil,
            let taskCount = environment["SLURM_STEP_NUM_TASKS"].flatMap({ Int($0) }),
            taskCount > 1
        else { return }
        throw LoneRanks(taskCount: taskCount)
    }

    /// Whether a process of that name is among this one's ancestors.
    private static func isBelow(_ name: String) -> Bool {
        var identifier = getppid()
        while identifier > 1 {
            guard let data = FileManager.default.contents(atPath: "/proc/\(identifier)/stat")
            else { return false }
            // PID (NAME) STATE PARENT ...; a name may hold anything but ends at the last bracket.
            let text = String(decoding: data, as: UTF8.self)
            guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"),
                open < close
            else { return false }
            if text[text.index(after: open)..<close] == name { return true }
            let fields = text[text.index(after: close)...].split(separator: " ")
            guard fields.count > 1, let parent = Int32(fields[1]) else { return false }
            identifier = parent
        }
        return false
    }
}
