public import RolloutModel

/// Why traces cannot be written or read; each description is one line that says how to mend it.
public enum TraceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is nothing at the path.
    case noRun(path: String)
    /// A directory that holds no traces.
    case emptyRun(path: String)
    /// A directory, pipe or device where a file must be.
    case noFile(path: String)
    /// A file where a directory must be.
    case noFolder(path: String)
    /// A file or directory that this user may not read.
    case unreadable(path: String)
    /// A file that is not one of ours.
    case foreign(path: String)
    /// Written by a later version of this program.
    case newerVersion(path: String, found: Int)
    /// Cut off, changed by hand, or contradicting itself.
    case damaged(path: String, reason: String)
    /// The run directory belongs to another set of problems.
    case problemsDiffer(path: String)
    /// One attempt is stored twice.
    case duplicate(task: EpisodeTask, path: String)
    /// No episode of that problem and sample, or no such row.
    case noEpisode(path: String, wanted: String)
    /// The run directory, or a directory in it, was moved or deleted while the job worked on it.
    case gone(path: String)
    /// Nothing can be written or removed there.
    case unwritable(path: String)
    /// This rank is fine, another one is not.
    case otherRankFailed(operation: String, rank: Rank, cause: String)

    /// One line: what, where, how to mend.
    public var description: String {
        switch self {
        case .noRun(let path):
            "\(path): no such file or directory; give a run directory or its traces.h5"
        case .emptyRun(let path):
            "\(path): holds neither traces.h5 nor segments/*.h5 nor steps/*.h5; give the directory that was named "
                + "with --run, after the run has started"
        case .noFile(let path):
            "\(path): not a file; move it away, and put the trace file of that name back if there was one"
        case .noFolder(let path):
            "\(path): not a directory; move it away, and put the directory of that name back if there was one"
        case .unreadable(let path):
            "\(path): no permission to read it; ask its owner for the permission, or read a copy"
        case .foreign(let path):
            "\(path): not a trace file of this program; give a run directory or its traces.h5"
        case .newerVersion(let path, let found):
            "\(path): written with schema version \(found), this program knows up to "
                + "\(TraceSchema.version); use the newer program"
        case .damaged(let path, let reason):
            "\(path): damaged: \(reason); restore the file from a copy, or take it away to do its "
                + "part of the run again"
        case .problemsDiffer(let path):
            "\(path): this run has other problems; choose another run directory, or the data set "
                + "that it was started with"
        case .duplicate(let task, let path):
            "\(path): problem \(task.problem), sample \(task.sample) is stored twice"
        case .noEpisode(let path, let wanted):
            "\(path): no episode for \(wanted)"
        case .gone(let path):
            "\(path): the run directory was moved or deleted while the job worked on it; put it back to go "
                + "on from what was written, and leave it there until the job has ended"
        case .unwritable(let path):
            "\(path): cannot be written or removed; look at its permissions, and for space on the disk"
        case .otherRankFailed(let operation, let rank, let cause):
            "\(operation): rank \(rank) failed: \(cause)"
        }
    }
}

extension TraceError {
    /// Whether a file is at fault, and not what was asked for.
    public var isDamage: Bool {
        switch self {
        case .damaged, .duplicate, .otherRankFailed: true
        case .noRun, .emptyRun, .noFile, .noFolder, .unreadable, .foreign, .newerVersion,
            .problemsDiffer, .noEpisode, .gone, .unwritable:
            false
        }
    }

    /// Whether one file is at fault, so that the other files of a run can still be read.
    var isOfOneFile: Bool {
        switch self {
        case .noFile, .unreadable, .foreign, .newerVersion: true
        case .noRun, .emptyRun, .noFolder, .problemsDiffer, .noEpisode, .gone, .unwritable,
            .damaged, .duplicate, .otherRankFailed:
            isDamage
        }
    }

    /// The file or directory that it is about; empty without one.
    public var path: String {
        switch self {
        case .noRun(let path), .emptyRun(let path), .noFile(let path), .noFolder(let path),
            .unreadable(let path), .foreign(let path), .newerVersion(let path, _),
            .damaged(let path, _), .problemsDiffer(let path), .duplicate(_, let path),
            .noEpisode(let path, _), .gone(let path), .unwritable(let path):
            path
        case .otherRankFailed: ""
        }
    }
}
