import ArgumentParser
import Grading
import Orchestration
import RolloutModel
import TraceStore

/// `regrade RUN`: grades every episode again from its text and says which verdicts changed.
struct Regrade: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Grades the recorded texts again and lists verdicts that changed.",
        discussion: """
            The answer is taken from the model's own words and compared with the expected one, as \
            the run did it. Episodes that failed before there was anything to grade are left out. \
            Copies from the statement are counted again too. The file is not changed.
            """
    )

    @OptionGroup var options: RecordedRunOptions

    @Option(help: "Grading processes; 0 takes one per core.")
    var jobs = 0

    func validate() throws {
        guard (0...256).contains(jobs) else {
            throw ValidationError("--jobs counts processes: 0 or more, and at most 256")
        }
    }

    func run() throws {
        let reader = try Runs.open(options.trace)
        let recorded = try reader.attributes()["grader_versions"] ?? ""
        var job = try RecordedJob.configuration(reader, overrides: options.overrides)
        job.grading.workers = jobs > 0 ? jobs : AnswerRegrade.coreCount
        let pool = try GraderPool(configuration: job.grading, python: job.gradingPython)
        defer { BlockingTask.value { await pool.shutdown() } }
        let now = try BlockingTask.value { try await pool.versions() }
            .sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let regrade = try AnswerRegrade(
            reader,
            pool: pool,
            isAgent: job.agent.enabled,
            inFlight: 2 * job.grading.workers
        )
        let text =
            switch options.output {
            case .table:
                table(regrade, try reader.problems())
                    + RecordedJob.versions(recorded: recorded, now: now)
            case .json: json(regrade, try reader.problems(), recorded: recorded, now: now)
            }
        try Terminal.show(text)
    }

    private func table(_ regrade: AnswerRegrade, _ problems: [Problem]) -> String {
        let (then, now) = regrade.accuracies
        var text =
            "\(regrade.gradedCount) episodes graded again, \(regrade.changes.count) verdicts "
            + "changed; accuracy \(decimal(then * 100, 2)) % then, \(decimal(now * 100, 2)) % now\n"
            + "answers copied from the statement: \(regrade.copiedCounts.then) then, "
            + "\(regrade.copiedCounts.now) now\n\n"
        for change in regrade.changes {
            text += """
                problem \(problems.name(of: change.task)), sample \(change.task.sample): \
                \(change.recorded.outcome.rawValue) then, \(change.grade.outcome.rawValue) now; \
                answer \(change.grade.answer.isEmpty ? "none" : change.grade.answer), \
                expected \(change.gold)

                """
        }
        return text + (regrade.changes.isEmpty ? "" : "\n")
    }

    private func json(
        _ regrade: AnswerRegrade,
        _ problems: [Problem],
        recorded: String,
        now: String
    ) -> String {
        let (accuracyThen, accuracyNow) = regrade.accuracies
        let changes = regrade.changes.map { change in
            let fields = [
                ("problem", JSON.quoted(problems.name(of: change.task))),
                ("sample", "\(change.task.sample)"),
                ("recorded_outcome", JSON.quoted(change.recorded.outcome.rawValue)),
                ("outcome", JSON.quoted(change.grade.outcome.rawValue)),
                ("answer", JSON.quoted(change.grade.answer)),
                ("expected", JSON.quoted(change.gold)),
            ]
            return "{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
        }
        return """
            {
              "run": \(JSON.quoted(options.trace)),
              "episodes": \(regrade.gradedCount),
              "recorded_accuracy": \(accuracyThen),
              "accuracy": \(accuracyNow),
              "recorded_copied": \(regrade.copiedCounts.then),
              "copied": \(regrade.copiedCounts.now),
              "changes": [\(changes.joined(separator: ",\n    "))],
              "recorded_versions": \(RecordedJob.json(recorded)),
              "versions": \(RecordedJob.json(now))
            }

            """
    }
}
