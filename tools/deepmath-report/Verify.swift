import ArgumentParser
import TraceStore

/// `verify RUN...`: checks that every file is whole, unchanged and consistent.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks schema, checksums and laws of runs.",
        discussion: """
            Each dataset must have the content that it was written with; each attempt is there once; \
            an episode's turns cover its tokens; the loss mask fits the roles. A file at which the \
            HDF5 library itself crashes is damaged, too. Exit status 1 when anything does not hold.
            """
    )

    @Argument(help: "Run directories, or single files of them.")
    var runs: [String]

    func run() throws {
        var isFine = true
        for run in runs {
            let outcome = try VerificationChild.outcome(run)
            for finding in outcome.findings {
                complain("\(finding.path): \(finding.reason)")
            }
            isFine = isFine && outcome.findings.isEmpty
            print(
                "\(run): \(outcome.findings.isEmpty ? "whole" : "damaged"), "
                    + "\(outcome.fileCount) files, \(outcome.episodeCount) episodes, "
                    + "\(outcome.byteCount) bytes checked"
            )
        }
        if !isFine { leave(1) }
    }
}
