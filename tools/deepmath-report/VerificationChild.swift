import ArgumentParser
import Foundation
import TraceStore

/// What a verification found, as its process tells it.
struct VerificationOutcome: Codable {
    struct Finding: Codable {
        let path: String
        let reason: String
    }

    var findings: [Finding]
    var fileCount: Int
    let episodeCount: Int
    let byteCount: Int
}

/// A line that the process of a verification writes.
enum VerificationLine: Codable {
    /// The file of this path is about to be read.
    case reading(String)
    /// The end.
    case outcome(VerificationOutcome)
}

/// A verification in a process of its own: a damaged file may crash the HDF5 library, which no check before
/// a call can exclude.
enum VerificationChild {
    /// Verifies a run; after a crash again, without the file.
    static func outcome(_ run: String) throws -> VerificationOutcome {
        var crashes: [VerificationOutcome.Finding] = []
        while true {
            let child = try ChildProcess.run(
                ["verify-part", run] + crashes.flatMap { ["--without", $0.path] },
                isQuiet: false
            )
            let lines = try child.output.split(separator: UInt8(ascii: "\n")).map {
                try JSONDecoder().decode(VerificationLine.self, from: Data($0))
            }
            if case .outcome(var outcome)? = lines.last, child.end == .status(0) {
                outcome.findings = crashes + outcome.findings
                outcome.fileCount += crashes.count
                return outcome
            }
            // It has said itself what is wrong.
            if case .status(let status) = child.end { leave(status == 0 ? 1 : status) }
            guard case .reading(let path)? = lines.last,
                !crashes.contains(where: { $0.path == path })
            else {
                throw TraceError.damaged(path: run, reason: "the verification ended: \(child.end)")
            }
            crashes.append(
                VerificationOutcome.Finding(path: path, reason: FileProbe.reason(child.end))
            )
        }
    }
}

/// `verify-part RUN`: the process in which a run is verified; not for people.
struct VerifyPart: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-part",
        shouldDisplay: false
    )

    @Argument
    var path: String

    @Option
    var without: [String] = []

    func run() throws {
        let progress = ProgressBar("verifying, MB", total: 1)
        let verification = try TraceVerification(
            run: path,
            wanted: { path in
                tell(.reading(path))
                return !without.contains(path)
            },
            willCheck: { tell(.reading($0)) },
            progress: { progress.show($0 / 1_000_000, of: $1 / 1_000_000) }
        )
        progress.end()
        tell(
            .outcome(
                VerificationOutcome(
                    findings: verification.findings.map { finding in
                        VerificationOutcome.Finding(path: finding.path, reason: finding.reason)
                    },
                    fileCount: verification.fileCount,
                    episodeCount: verification.episodeCount,
                    byteCount: verification.byteCount
                )
            )
        )
    }

    private func tell(_ line: VerificationLine) {
        do {
            FileHandle.standardOutput.write(try JSONEncoder().encode(line) + Data("\n".utf8))
        } catch {
            preconditionFailure("text and numbers are JSON")
        }
    }
}
