import RolloutModel
import Synchronization
import TraceStore

/// The runs that a command reads, and what of them had to be left out.
enum Runs {
    /// What was left out of one file.
    private struct Damage {
        let path: String
        var lines: Set<String> = []
        /// In the order of arrival.
        var shown: [String] = []
    }

    private static let damage = Mutex<[Damage]>([])

    /// Lines about one file: what else is wrong with it is counted.
    private static let mostLines = 10

    /// Opens a run; damaged files beside whole ones, and damaged rows, are left out and told when the
    /// command has ended.
    ///
    /// - Throws: `TraceError` when there is nothing to read.
    static func open(_ path: String) throws -> TraceReader {
        try FileProbe.check(path)
        return try TraceReader(run: path, skippingDamage: leaveOut)
    }

    /// Notes what is left out.
    static func leaveOut(_ error: TraceError) {
        let line = "\(error)"
        let path = error.path
        damage.withLock { damage in
            let index =
                damage.firstIndex { $0.path == path }
                ?? {
                    damage.append(Damage(path: path))
                    return damage.count - 1
                }()
            guard damage[index].lines.insert(line).inserted else { return }
            if damage[index].shown.count < mostLines { damage[index].shown.append(line) }
        }
    }

    /// What `body` reads of one episode; nil when it is damaged, which is noted.
    static func whole<Value>(_ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch let error as TraceError where error.isDamage {
            leaveOut(error)
            return nil
        }
    }

    /// Names what was left out.
    ///
    /// - Returns: whether anything was.
    static func reportDamage() -> Bool {
        let files = damage.withLock { $0 }
        for file in files {
            for line in file.shown { complain("left out: \(line)") }
            let rest = file.lines.count - file.shown.count
            if rest > 0 {
                complain(
                    "left out: \(rest) more of \(file.path); deepmath-report verify lists them"
                )
            }
        }
        return !files.isEmpty
    }
}

extension [Problem] {
    /// The problem of an attempt.
    ///
    /// - Throws: `TraceError` when no file says it.
    func of(_ task: EpisodeTask, in reader: TraceReader) throws -> Problem {
        guard task.problem.value < count else {
            throw TraceError.damaged(
                path: reader.path,
                reason: "there is no problem \(task.problem)"
            )
        }
        return self[task.problem.value]
    }

    /// What a problem is called; its place where no file says it.
    func name(of task: EpisodeTask) -> String {
        task.problem.value < count ? self[task.problem.value].id : "number \(task.problem)"
    }
}
