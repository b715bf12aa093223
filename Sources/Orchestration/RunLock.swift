// One job at a time works on a run directory. Advisory locks (flock, fcntl) do not reach over every
// shared file system, so the lock is a file that its holder writes again every few seconds. Whoever
// finds one that is not written any more takes it over; no two hosts' clocks are compared.

private import Foundation
private import Synchronization

/// The lock on a run directory, held until it is released or the process ends.
final class RunLock: Sendable {
    /// Who holds a lock, and how often it has said so.
    struct Holder: Hashable, Codable {
        var host: String
        var processID: Int32
        /// Start of the process in clock ticks since boot: tells it from a later one of its number.
        var processStart: String
        var slurmJobID: String?
        var slurmRestartCount: String?
        var token: String
        var beat: Int

        /// For a person.
        var name: String {
            (slurmJobID.map { "Slurm job \($0), " } ?? "") + "process \(processID) on \(host)"
        }
    }

    /// Another job works on the directory.
    struct Held: Error, CustomStringConvertible {
        let path: String
        let holder: Holder

        var description: String {
            "\(path): another job works on this run directory (\(holder.name)); wait for its end, "
                + "or choose another directory with --run"
        }
    }

    /// Time between two signs of life.
    static let beatInterval = Duration.seconds(10)
    /// Silence after which a holder is taken for dead.
    static let patience = Duration.seconds(30)

    private let path: String
    private let mine: Holder
    private let isReleased = Mutex(false)

    /// Takes the lock at `path`.
    ///
    /// Waits when somebody has it whose life cannot be told at once: one on another host.
    ///
    /// - Parameters:
    ///   - path: of the lock file.
    ///   - patience: how long a holder may be silent.
    ///   - beatInterval: time between two signs of life of this lock.
    ///   - lost: called once, on a thread of its own, when somebody else has taken the lock over, or
    ///     has removed it (nil): this process was suspended for too long. It must not release the lock.
    ///   - waiting: called once when there is a wait, with a line for a person.
    /// - Throws: ``Held``, or an error of the file system.
    init(
        path: String,
        patience: Duration = patience,
        beatInterval: Duration = beatInterval,
        lost: @escaping @Sendable (Holder?) -> Void,
        waiting: (String) -> Void
    ) throws {
        self.path = path
        mine = Self.ownHolder()
        try Self.claim(path, for: mine, patience: patience, waiting: waiting)
        let thread = Thread { [weak self] in
            var isMissed = false
            while true {
                Thread.sleep(forTimeInterval: beatInterval.seconds)
                guard let lock = self, lock.beat(&isMissed, lost) else { return }
            }
        }
        thread.name = "run lock"
        thread.start()
    }

    /// Makes the file at `path` that of `mine`, once no job that lives has it.
    private static func claim(
        _ path: String,
        for mine: Holder,
        patience: Duration,
        waiting: (String) -> Void
    ) throws {
        let files = FileManager.default
        while try !create(path, mine) {
            guard let other = holder(at: path) else {
                // Half written by a file system without atomic creation, or gone meanwhile.
                Thread.sleep(forTimeInterval: 0.1)
                if files.fileExists(atPath: path), holder(at: path) == nil {
                    try files.removeItem(atPath: path)
                }
                continue
            }
            switch life(of: other, seenBy: mine) {
            case .dead: break
            case .alive: throw Held(path: path, holder: other)
            case .unknown:
                waiting(
                    "\(path) is held by \(other.name); looking for up to \(Int(patience.seconds)) s "
                        + "whether that job lives"
                )
                try watch(path, heldBy: other, patience: patience)
            }
            // Taking over is removing what we looked at; of two who do, one creates the next.
            if holder(at: path) == other { try files.removeItem(atPath: path) }
        }
    }

    /// Looks at the file of `other`, a job of another host, as long as that may take to beat once.
    private static func watch(_ path: String, heldBy other: Holder, patience: Duration) throws {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: min(1, patience.seconds / 10))
            guard let now = holder(at: path) else { return }
            guard now == other else { throw Held(path: path, holder: now) }
        }
    }

    deinit { release() }

    /// What is written in the file while this lock is held.
    var token: String { mine.token }

    /// Whether the lock with `token` is at `path` as this host sees it; network file systems may
    /// take a few seconds to show it.
    static func isSeen(
        _ token: String,
        at path: String,
        within limit: Duration = .seconds(20)
    ) -> Bool {
        let deadline = ContinuousClock.now + limit
        while holder(at: path)?.token != token {
            guard ContinuousClock.now < deadline else { return false }
            Thread.sleep(forTimeInterval: 0.1)
        }
        return true
    }

    /// Gives the lock up; the file is gone afterwards.
    func release() {
        isReleased.withLock { isReleased in
            guard !isReleased else { return }
            isReleased = true
            guard Self.holder(at: path)?.token == mine.token else { return }
            // Should it stay, it is silent, and the next job takes it over.
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private func beat(_ isMissed: inout Bool, _ lost: (Holder?) -> Void) -> Bool {
        isReleased.withLock { isReleased in
            guard !isReleased else { return false }
            let found = Self.holder(at: path)
            // A shared file system may fail once; whoever took it over and ended has removed it.
            if found == nil, !isMissed {
                isMissed = true
                return true
            }
            isMissed = false
            guard var holder = found, holder.token == mine.token else {
                lost(found)
                return false
            }
            holder.beat += 1
            // A full disk: the next beat may succeed, and until `patience` nobody minds.
            try? JSONEncoder().encode(holder)
                .write(to: URL(fileURLWithPath: path), options: .atomic)
            return true
        }
    }

    private enum Life { case alive, dead, unknown }

    private static func life(of holder: Holder, seenBy mine: Holder) -> Life {
        // A requeued job replaces its own earlier start, wherever that ran.
        if let job = holder.slurmJobID, job == mine.slurmJobID,
            holder.slurmRestartCount != mine.slurmRestartCount
        {
            return .dead
        }
        guard holder.host == mine.host else { return .unknown }
        return processStart(holder.processID) == holder.processStart ? .alive : .dead
    }

    private static func ownHolder() -> Holder {
        let process = ProcessInfo.processInfo
        return Holder(
            host: process.hostName,
            processID: process.processIdentifier,
            processStart: processStart(process.processIdentifier) ?? "",
            slurmJobID: process.environment["SLURM_JOB_ID"],
            slurmRestartCount: process.environment["SLURM_RESTART_COUNT"],
            token: UUID().uuidString,
            beat: 0
        )
    }

    /// Field 22 of /proc/PID/stat; nil when there is no such process, or it has ended.
    private static func processStart(_ identifier: Int32) -> String? {
        guard
            let text = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8),
            let fields = text.split(separator: ")").last?.split(separator: " "), fields.count > 19,
            fields[0] != "Z", fields[0] != "X"
        else { return nil }
        return String(fields[19])
    }

    private static func holder(at path: String) -> Holder? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONDecoder().decode(Holder.self, from: data)
    }

    /// Makes the file with its content, or says that there is one: a link is atomic on every
    /// file system that has links, and elsewhere an exclusive creation has to do.
    private static func create(_ path: String, _ holder: Holder) throws -> Bool {
        let data = try JSONEncoder().encode(holder)
        let own = path + "." + holder.token
        let files = FileManager.default
        try data.write(to: URL(fileURLWithPath: own))
        defer { try? files.removeItem(atPath: own) }
        do {
            try files.linkItem(atPath: own, toPath: path)
            return true
        } catch {
            if files.fileExists(atPath: path) { return false }
        }
        do {
            try data.write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            return true
        } catch let error as CocoaError where error.code == .fileWriteFileExists {
            return false
        }
    }
}
