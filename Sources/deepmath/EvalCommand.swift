import ArgumentParser
import Logging
import Orchestration

/// `deepmath eval`: k samples of every problem, graded.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Sample a model k times on every problem, grade, and write traces.",
        discussion: """
            Interrupted runs go on where they were: give the same command again, with any number of \
            ranks. SIGUSR1, SIGTERM and Ctrl-C stop a run; what was finished is kept, and the exit \
            status is 75.
            """
    )

    @Option(help: "Configuration, a YAML file.")
    var config: String

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("Run directory; made when it is not there.", valueName: "dir")
    )
    var runDirectory: String

    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp("Override one key.", valueName: "section.key=value")
    )
    var overrides: [String] = []

    @Flag(help: "Log every round.")
    var verbose = false

    mutating func run() throws {
        let isVerbose = verbose
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = isVerbose ? .debug : .notice
            return handler
        }
        let exit = EvaluationJob([
            JobEntry(
                configurationPath: config,
                overrides: overrides,
                runDirectory: runDirectory,
                programVersion: ProgramVersion.withCommit
            )
        ]).run()
        guard exit == .done else { throw ExitCode(exit.rawValue) }
    }
}
