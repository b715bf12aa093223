import ArgumentParser
import TraceStore

/// `verify RUN...`: checks that every file is whole, unchanged and consistent.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks schema, checksums and laws of runs.",
        discussion: """
            Each dataset must have the content that it was written with; each attempt is there once; \
            an episode's turns cover its tokens; the loss mask fits the roles. Exit status 1 when \
            anything does not hold.
            """
    )

    @Argument(help: "Run directories, or single files of them.")
    var runs: [String]

    func run() throws {
        var isFine = true
        for run in runs {
            let progress = ProgressBar("verifying, MB", total: 1)
            let verification = try TraceVerification(run: run) { byteCount, total in
                progress.show(byteCount / 1_000_000, of: total / 1_000_000)
            }
            progress.end()
            for finding in verification.findings {
                complain("\(finding.path): \(finding.reason)")
            }
            isFine = isFine && verification.findings.isEmpty
            print(
                "\(run): \(verification.findings.isEmpty ? "whole" : "damaged"), "
                    + "\(verification.fileCount) files, \(verification.episodeCount) episodes, "
                    + "\(verification.byteCount) bytes checked"
            )
        }
        if !isFine { leave(1) }
    }
}
