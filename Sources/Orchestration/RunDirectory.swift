// The directory of a run, on a file system that all ranks see:
//
//   config.yaml         the resolved configuration; says which run this is
//   prompt.txt          the prompt's text, likewise
//   ranks/0001/         private to one worker: socket and log of its engine
//   segments/, unfinished/, traces.h5 the traces
//   steps/              training: one file of traces for each step
//   policy/000012/      training: the adapter that the twelfth update made
//   trainer/            training: the trainer's settings, log and checkpoints
//   lock                which job works on it now
//   progress.json       where the run stands, for scripts

import Configuration
private import Foundation

/// A run's directory and its rules.
struct RunDirectory: Hashable, Sendable {
    /// Why a directory cannot hold this run.
    enum Refusal: Error, Hashable, CustomStringConvertible {
        case notWritable(path: String, reason: String)
        case otherConfiguration(path: String, differences: [String])
        case damagedCopy(path: String, reason: String)

        var description: String {
            switch self {
            case .notWritable(let path, let reason):
                "\(path): the run directory cannot be written (\(reason)); choose another with --run"
            case .damagedCopy(let path, let reason):
                "\(path): the run's own copy cannot be read (\(reason)); put the file back that the run "
                    + "was started with, or choose another directory with --run"
            case .otherConfiguration(let path, let differences):
                "\(path): this run directory belongs to another configuration ("
                    + differences.joined(separator: "; ")
                    + "); choose another with --run, or undo the change"
            }
        }
    }

    /// Path as the user gave it.
    let path: String

    /// Where the run stands, for scripts.
    var progressPath: String { path + "/progress.json" }

    /// Where the adapter of one update lies once it is whole.
    func policyPath(_ version: Int) -> String {
        let digits = "\(version)"
        return path + "/policy/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// What belongs to the trainer.
    var trainerPath: String { path + "/trainer" }

    /// Which job works on it.
    var lockPath: String { path + "/lock" }

    /// Creates the directory or takes it up again; nothing in it is written over.
    ///
    /// - Throws: ``Refusal``, or a configuration error when the kept copy cannot be read.
    func prepare(
        for configuration: JobConfiguration,
        promptText: String,
        mayGrow: Bool
    ) throws {
        let kept = path + "/config.yaml"
        let keptPrompt = path + "/prompt.txt"
        let files = FileManager.default
        guard !path.contains(":") else {
            throw Refusal.notWritable(
                path: path,
                reason: "MPI-IO takes what stands before a ':' for a kind of file system"
            )
        }
        do {
            try files.createDirectory(atPath: path + "/ranks", withIntermediateDirectories: true)
            let probe = path + "/.writable-\(ProcessInfo.processInfo.processIdentifier)"
            try Data().write(to: URL(fileURLWithPath: probe))
            try files.removeItem(atPath: probe)
        } catch {
            throw Refusal.notWritable(path: path, reason: FileFailure.reason(error))
        }
        if files.fileExists(atPath: kept) {
            let before = try JobConfiguration.load(path: kept)
            // How much there is of an evaluation may change: RunGrowth looks at that.
            var differences = configuration.differences(from: before)
                .filter { !(mayGrow && $0.isExtent) }.map(\.description)
            if try Self.text(ofKept: keptPrompt) != promptText {
                differences.append(
                    "the text of \(configuration.agent.promptPath) differs from \(keptPrompt)"
                )
            }
            guard differences.isEmpty else {
                throw Refusal.otherConfiguration(path: path, differences: differences)
            }
            return
        }
        do {
            // The configuration last: where it is, the prompt is too.
            try Data(promptText.utf8).write(
                to: URL(fileURLWithPath: keptPrompt),
                options: .atomic
            )
            try Data(configuration.resolvedYAML().utf8).write(
                to: URL(fileURLWithPath: kept),
                options: .atomic
            )
        } catch {
            throw Refusal.notWritable(path: path, reason: FileFailure.reason(error))
        }
    }

    /// A file that the run keeps.
    private static func text(ofKept path: String) throws(Refusal) -> String {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw Refusal.damagedCopy(path: path, reason: FileFailure.reason(error))
        }
        guard let text = String(bytes: bytes, encoding: .utf8) else {
            throw Refusal.damagedCopy(path: path, reason: "not UTF-8 text")
        }
        return text
    }

    /// Keeps the configuration of a run that has grown; of one that has not, the copy stays as it is.
    ///
    /// - Important: only the job that holds the lock may call it.
    func keep(grown configuration: JobConfiguration) throws {
        let kept = path + "/config.yaml"
        let differences = configuration.differences(from: try JobConfiguration.load(path: kept))
        guard !differences.isEmpty else { return }
        do {
            try Data(configuration.resolvedYAML().utf8).write(
                to: URL(fileURLWithPath: kept),
                options: .atomic
            )
        } catch {
            throw Refusal.notWritable(path: path, reason: FileFailure.reason(error))
        }
    }

    /// The private directory of one worker, made when it is not there.
    func rankDirectory(_ rank: Int) throws -> String {
        let digits = "\(rank)"
        let name = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let directory = "\(path)/ranks/\(name)"
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Refusal.notWritable(path: directory, reason: FileFailure.reason(error))
        }
        return directory
    }
}
