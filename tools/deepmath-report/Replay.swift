import ArgumentParser
import Foundation
import Orchestration
import RolloutModel
import Sandbox
import TraceStore

/// `replay RUN`: runs every recorded snippet again and says where the output is another one.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs every recorded snippet again and lists what came out different.",
        discussion: """
            An episode's snippets run in order in one session, with the recorded seed and limits, as \
            they did in the run. Outputs are compared byte by byte. Exit status 0 also with \
            differences: a snippet near its time limit may differ on another machine.
            """
    )

    @OptionGroup var options: RecordedRunOptions

    @Option(help: "Sessions at the same time; 0 takes one per core.")
    var jobs = 0

    func validate() throws {
        guard (0...4_096).contains(jobs) else {
            throw ValidationError("--jobs counts sessions: 0 or more, and at most 4096")
        }
    }

    func run() throws {
        let reader = try Runs.open(options.trace)
        let recorded = try reader.attributes()["sandbox_versions"] ?? ""
        let job = try RecordedJob.configuration(reader, overrides: options.overrides)
        let jobCount = jobs > 0 ? jobs : ProcessInfo.processInfo.activeProcessorCount
        let pool = try SandboxPool(
            configuration: SandboxConfiguration(job),
            sessionLimit: jobCount
        )
        defer { pool.shutdown() }
        let now = try BlockingTask.value { try await pool.libraryVersions() }
        let replay = try SnippetReplay(reader, pool: pool, jobCount: jobCount)
        let text =
            switch options.output {
            case .table:
                try table(replay, reader) + RecordedJob.versions(recorded: recorded, now: now)
            case .json: try json(replay, reader, recorded: recorded, now: now)
            }
        try Terminal.show(text)
    }

    private func table(_ replay: SnippetReplay, _ reader: TraceReader) throws -> String {
        let problems = try reader.problems()
        var text =
            "\(replay.snippetCount) snippets of \(replay.episodeCount) episodes run again, "
            + "\(replay.drifts.count) came out different\n\n"
        for drift in replay.drifts {
            text += """
                problem \(problems.name(of: drift.task)), sample \(drift.task.sample), \
                snippet \(drift.callIndex): \(drift.difference)

                """
        }
        return text + (replay.drifts.isEmpty ? "" : "\n")
    }

    private func json(
        _ replay: SnippetReplay,
        _ reader: TraceReader,
        recorded: String,
        now: String
    ) throws -> String {
        let problems = try reader.problems()
        let drifts = replay.drifts.map { drift in
            let fields = [
                ("problem", JSON.quoted(problems.name(of: drift.task))),
                ("sample", "\(drift.task.sample)"), ("snippet", "\(drift.callIndex)"),
                ("code", JSON.quoted(drift.recorded.code)),
                ("recorded_status", JSON.quoted(drift.recorded.status)),
                ("status", JSON.quoted(drift.result.status.rawValue)),
                ("recorded_output", JSON.quoted(drift.recorded.output)),
                ("output", JSON.quoted(drift.result.output)),
            ]
            return "{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
        }
        return """
            {
              "run": \(JSON.quoted(options.trace)),
              "episodes": \(replay.episodeCount),
              "snippets": \(replay.snippetCount),
              "drifts": [\(drifts.joined(separator: ",\n    "))],
              "recorded_versions": \(RecordedJob.json(recorded)),
              "versions": \(RecordedJob.json(now))
            }

            """
    }
}
