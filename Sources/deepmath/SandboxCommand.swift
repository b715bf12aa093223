import ArgumentParser
import Configuration
import Foundation
import Orchestration
import Sandbox

/// `deepmath sandbox`: snippets in the job's sandbox, outside of any run.
struct SandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run Python snippets in the sandbox that an evaluation uses.",
        discussion: """
            Reads JSON lines {"id", "snippets": [...]} or {"id", "code"}, one session a line, and \
            writes {"id", "results": [{"status", "output", "seconds", "processor_seconds", \
            "peak_bytes", "state_lost"}, ...]} in the \
            same order. Statuses: ok, exception, timeout, memory, output_limit, refused, died. \
            Lines that are no session are named at the end, with status 2.
            """
    )

    @Option(
        name: .customLong("jsonl"),
        help: ArgumentHelp("Sessions to run, a JSONL file.", valueName: "file")
    )
    var input: String

    @Option(help: ArgumentHelp("Results; standard output when not given.", valueName: "file"))
    var output: String?

    @Option(help: "Sessions at the same time; 0 takes one per core.")
    var jobs = 0

    @Option(help: ArgumentHelp("Configuration, for its sandbox section.", valueName: "file"))
    var config: String?

    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp("Override one key.", valueName: "section.key=value")
    )
    var overrides: [String] = []

    mutating func run() throws {
        let configuration: JobConfiguration
        let lines: [String]
        do {
            configuration = try JobConfiguration.loadedOrDefault(path: config, overrides: overrides)
            lines = try String(contentsOfFile: input, encoding: .utf8)
                .components(separatedBy: "\n")
        } catch let error as CocoaError {
            StandardError.write(
                "deepmath: \(input): cannot be read (\(FileFailure.reason(error)))"
            )
            throw ExitCode(2)
        } catch {
            StandardError.write("deepmath: \(error)")
            throw ExitCode(2)
        }
        let badLines: [SandboxError]
        do {
            badLines = try run(lines, configuration: configuration)
        } catch {
            StandardError.write("deepmath: \(error)")
            throw ExitCode(1)
        }
        for line in badLines { StandardError.write("deepmath: \(line)") }
        if !badLines.isEmpty { throw ExitCode(2) }
    }

    private func run(_ lines: [String], configuration: JobConfiguration) throws -> [SandboxError] {
        let jobCount = jobs > 0 ? jobs : ProcessInfo.processInfo.activeProcessorCount
        let results = try ResultLines(path: output)
        let pool = try SandboxPool(
            configuration: SandboxConfiguration(configuration),
            sessionLimit: jobCount
        )
        defer { pool.shutdown() }
        let name = input
        let summary = try BlockingTask.value {
            try await SandboxBatch(pool: pool, jobCount: jobCount)
                .run(lines: lines, name: name) { try results.write($0) }
        }
        try results.close()
        return summary.badLines
    }
}
