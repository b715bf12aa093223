// Rank 0 starts the trainer, watches it, and starts it again when it dies. The trainer goes on from
// its last checkpoint by itself; what it has not trained on yet lies in the step files.

import Configuration
private import Foundation
import Logging
import Sandbox

/// The trainer of a job, under rank 0's eyes.
struct TrainerProcess {
    /// The trainer ended, and another start would not help or is not allowed.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let configuration: JobConfiguration
    private let directory: RunDirectory
    private let logger: Logger
    private var process: GuardedProcess
    private var restartsLeft: Int
    /// When it was first seen to have ended with status 0.
    private var seenEndedAt: ContinuousClock.Instant?
    /// A shared file system may show the last adapter so much later than the trainer's end.
    private static let patience = Duration.seconds(10)
    /// Starts after the first.
    private(set) var restartCount = 0

    /// What the trainer's own exit statuses mean that no restart mends: bad input, a loss that is no
    /// number.
    private static let finalStatuses: Set<Int32> = [2, 3]

    /// Writes the settings and starts the trainer.
    ///
    /// - Throws: when the run directory cannot be written or the process not be started.
    init(
        _ configuration: JobConfiguration,
        directory: RunDirectory,
        runID: String,
        logger: Logger
    ) throws {
        self.configuration = configuration
        self.directory = directory
        self.logger = logger
        restartsLeft = configuration.trainer.restarts
        try FileManager.default.createDirectory(
            atPath: directory.trainerPath,
            withIntermediateDirectories: true
        )
        try TrainerSettings(configuration, directory: directory, runID: runID)
            .write(to: directory.trainerPath + "/settings.json")
        process = try Self.start(configuration, directory)
    }

    /// Looks whether the trainer still runs, and starts it again when it has ended without the adapter
    /// that is waited for: a script around the trainer may hide its status.
    ///
    /// - Throws: ``Failure`` when it ended for good before it had made all updates.
    mutating func look() throws {
        guard let exit = process.exitStatus() else { return }
        if case .exited(0) = exit {
            let seenAt = seenEndedAt ?? .now
            seenEndedAt = seenAt
            guard ContinuousClock.now - seenAt >= Self.patience else { return }
        }
        seenEndedAt = nil
        if let ended = try Self.ended(directory), Self.finalStatuses.contains(ended.status) {
            throw Failure(description: "the trainer stopped: \(ended.message)")
        }
        guard restartsLeft > 0 else {
            throw Failure(
                description: "the trainer \(exit): \(lastWords); its whole output is in \(logPath)"
            )
        }
        restartsLeft -= 1
        restartCount += 1
        logger.error(
            "trainer starts again",
            metadata: ["exit": "\(exit)", "output": "\(lastWords)", "left": "\(restartsLeft)"]
        )
        process = try Self.start(configuration, directory)
    }

    /// Ends the trainer.
    func stop() { process.stop() }

    private var logPath: String { Self.logPath(directory) }

    /// What the trainer wrote when it stopped of its own will.
    ///
    /// A launcher of several processes has exit statuses of its own; this is the trainer's.
    private struct Ended: Decodable {
        let status: Int32
        let message: String
    }

    private static func endedPath(_ directory: RunDirectory) -> String {
        directory.trainerPath + "/ended.json"
    }

    /// Why the trainer stopped; nil when it died.
    private static func ended(_ directory: RunDirectory) throws -> Ended? {
        let path = endedPath(directory)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try JSONDecoder().decode(
            Ended.self,
            from: Data(contentsOf: URL(fileURLWithPath: path))
        )
    }

    /// The last line in which the trainer says what is wrong, else its last line.
    private var lastWords: String {
        let text: String
        do {
            text = try String(contentsOf: URL(fileURLWithPath: logPath), encoding: .utf8)
        } catch {
            return "no output"
        }
        let lines = text.split(separator: "\n").suffix(200).map(String.init)
        return lines.last { $0.hasPrefix("trainer: ") } ?? lines.last ?? "no output"
    }

    private static func logPath(_ directory: RunDirectory) -> String {
        directory.trainerPath + "/trainer.log"
    }

    private static func start(
        _ configuration: JobConfiguration,
        _ directory: RunDirectory
    ) throws -> GuardedProcess {
        let trainer = configuration.trainer
        let before = endedPath(directory)
        if FileManager.default.fileExists(atPath: before) {
            try FileManager.default.removeItem(atPath: before)
        }
        let words =
            (trainer.command.isEmpty ? [configuration.trainerPython] : trainer.command)
            + [trainer.script, "--settings", directory.trainerPath + "/settings.json"]
        var environment = ["HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"]
        if trainer.keepsSlurmVariables {
            let own = ProcessInfo.processInfo.environment
            environment.merge(own.filter { $0.key.hasPrefix("SLURM") }) { $1 }
        }
        environment.merge(trainer.environment) { $1 }
        return try GuardedProcess(
            GuardedProcess.Options(
                executable: words[0],
                arguments: Array(words.dropFirst()),
                environment: ChildEnvironment.inherited(adding: environment),
                logPath: logPath(directory)
            )
        )
    }
}
