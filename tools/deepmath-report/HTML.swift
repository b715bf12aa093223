import ArgumentParser
import Foundation
import TraceStore

/// `html RUN... -o FILE`: one page with tables, plots and a browser of traces.
struct HTML: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes one self-contained page: results, plots and a browser of traces.",
        discussion: """
            The page needs no network and no other file. It holds every episode; where the texts of \
            all traces exceed --megabytes, long turns are cut in the middle, which the page says.
            """
    )

    @Argument(help: "Run directories, or their traces.h5.")
    var runs: [String]

    @Option(name: .shortAndLong, help: "The page to write.")
    var output: String

    @Option(help: "Text of traces that the page may hold, megabytes.")
    var megabytes = 32

    func validate() throws {
        guard (1...1_000_000).contains(megabytes) else {
            throw ValidationError("--megabytes is 1 or more, and at most 1000000")
        }
    }

    func run() throws {
        let readers = try runs.map { run in (run, try Runs.open(run)) }
        let file = try PageFile(path: output)
        var page = RunPage(byteLimit: megabytes << 20)
        do {
            try page.write(readers, to: file)
            try file.publish()
        } catch {
            file.discard()
            throw error
        }
    }
}
