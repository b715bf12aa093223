import ArgumentParser
import Configuration
import Foundation
import Grading
import Orchestration
import RolloutModel

/// `deepmath grade`: compares answers outside of any run.
struct GradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grade",
        abstract: "Compare answers with math-verify, as an evaluation does.",
        discussion: """
            Reads JSON lines {"id", "gold", "prediction"} and writes {"id", "outcome", "answer"} in \
            the same order. The last complete \\boxed{} of a prediction is compared; a prediction \
            without one is unparsed, as in an evaluation. With --prose it is searched for its final \
            answer. A thought (<think>) that is not closed is left out. Outcomes: right, wrong, \
            unparsed, gold_unparsed, timeout, error. A line that cannot be read ends the command with status \
            2 before anything is graded.
            """
    )

    @Option(
        name: .customLong("jsonl"),
        help: ArgumentHelp("Answers to compare, a JSONL file.", valueName: "file")
    )
    var input: String

    @Option(help: ArgumentHelp("Results; standard output when not given.", valueName: "file"))
    var output: String?

    @Flag(help: "Search a prediction without a box for its final answer; an evaluation never does.")
    var prose = false

    @Option(help: ArgumentHelp("Configuration, for its grading section.", valueName: "file"))
    var config: String?

    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp("Override one key.", valueName: "section.key=value")
    )
    var overrides: [String] = []

    mutating func run() throws {
        let configuration: JobConfiguration
        let batch: GradeBatch
        do {
            configuration = try JobConfiguration.loadedOrDefault(path: config, overrides: overrides)
            batch = try GradeBatch(path: input)
        } catch {
            StandardError.write("deepmath: \(error)")
            throw ExitCode(2)
        }
        do {
            let results = try ResultLines(path: output)
            let prose = prose
            try BlockingTask.value {
                try await Self.grade(
                    batch,
                    configuration: configuration,
                    isProseSearched: prose,
                    results: results
                )
            }
            try results.close()
        } catch {
            StandardError.write("deepmath: \(error)")
            throw ExitCode(1)
        }
    }

    private static func grade(
        _ batch: GradeBatch,
        configuration: JobConfiguration,
        isProseSearched: Bool,
        results: ResultLines
    ) async throws {
        let pool = try GraderPool(
            configuration: configuration.grading,
            python: configuration.gradingPython
        )
        do {
            let inFlight = 2 * configuration.grading.workers
            try await batch.grade(
                with: pool,
                inFlight: inFlight,
                isProseSearched: isProseSearched
            ) { line, grade in
                try results.write(try line.result(grade))
            }
        } catch {
            await pool.shutdown()
            throw error
        }
        await pool.shutdown()
    }
}
