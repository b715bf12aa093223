import ArgumentParser
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

    @OptionGroup
    var job: JobOptions

    func run() throws {
        job.startLogging()
        let exit = EvaluationJob([job.entry(config: config, runDirectory: runDirectory)]).run()
        guard exit == .done else { throw ExitCode(exit.rawValue) }
    }
}
