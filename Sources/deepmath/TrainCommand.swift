import ArgumentParser
import Orchestration

/// `deepmath train`: GRPO, with a LoRA back into every engine after each step.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model by GRPO: groups from every rank, a LoRA update for each step.",
        discussion: """
            Each step draws problems, makes groups of attempts on all ranks, rewards and writes them \
            to DIR/steps/; a trainer that rank 0 starts turns them into an adapter in DIR/policy/, \
            which goes into every engine before the next step. Interrupted runs go on where they \
            were: give the same command again, with any number of ranks. SIGUSR1, SIGTERM and Ctrl-C \
            stop a run with exit status 75.
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
        let exit = TrainingJob(job.entry(config: config, runDirectory: runDirectory)).run()
        guard exit == .done else { throw ExitCode(exit.rawValue) }
    }
}
