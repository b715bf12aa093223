import Synchronization
import TraceStore

/// The runs that a command reads, and which of their files had to be left out.
enum Runs {
    private static let damage = Mutex<[TraceError]>([])

    /// Opens a run; damaged files beside whole ones are left out and told when the command has ended.
    ///
    /// - Throws: `TraceError` when there is nothing to read.
    static func open(_ path: String) throws -> TraceReader {
        try TraceReader(run: path) { error in
            damage.withLock { $0.append(error) }
        }
    }

    /// Names what was left out.
    ///
    /// - Returns: whether anything was.
    static func reportDamage() -> Bool {
        let errors = damage.withLock { $0 }
        for error in errors { complain("left out: \(error)") }
        return !errors.isEmpty
    }
}
