import ArgumentParser
import Foundation
import RolloutModel
import TraceStore

/// `export RUN --format F`: the episodes as lines of another format, one after the other.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes episodes as JSONL or CSV.",
        discussion: """
            jsonl      everything but log-probabilities and masks; --tokens adds those too
            csv        one line per episode: the columns without long text
            reference  {"text", "target"}: what the model and the tools wrote, and the answer
            trl        {"prompt", "completion"}
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case jsonl
        case csv
        case reference
        case trl
    }

    @Argument(help: ArgumentHelp("A run directory, or its traces.h5.", valueName: "run"))
    var trace: String

    @Option(help: "jsonl, csv, reference or trl.")
    var format = Format.jsonl

    @Flag(help: "In jsonl: token ids, log-probabilities and loss mask.")
    var tokens = false

    @Option(name: .shortAndLong, help: "A file to write; standard output when left out.")
    var output: String?

    func run() throws {
        let reader = try Runs.open(trace)
        let problems = try reader.problems()
        let handle = try file()
        var block = format == .csv ? EpisodeLine.csvHeader : ""
        // On the terminal it would stand among the lines.
        let progress =
            Terminal.hasOutput && output == nil
            ? nil : ProgressBar("exporting", total: reader.episodeCount)
        for row in 0..<reader.episodeCount {
            progress?.advance()
            let whole = try Runs.whole { () throws -> EpisodeLine in
                let stored = try reader.episode(EpisodeRow(row))
                let problem = try problems.of(stored.episode.task, in: reader)
                return EpisodeLine(problem: problem, stored: stored)
            }
            guard let line = whole else { continue }
            switch format {
            case .jsonl: block += line.json(withTokens: tokens)
            case .csv: block += line.csv
            case .reference: block += line.reference
            case .trl: block += line.trl
            }
            if block.utf8.count > 1 << 20 {
                try handle.write(contentsOf: Data(block.utf8))
                block = ""
            }
        }
        try handle.write(contentsOf: Data(block.utf8))
        if output != nil { try handle.close() }
    }

    private func file() throws -> FileHandle {
        guard let output else { return .standardOutput }
        guard FileManager.default.createFile(atPath: output, contents: nil),
            let handle = FileHandle(forWritingAtPath: output)
        else { throw ValidationError("\(output): cannot be written") }
        return handle
    }
}
