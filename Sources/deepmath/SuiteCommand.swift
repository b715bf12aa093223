import ArgumentParser
import Foundation
import Orchestration

/// `deepmath suite`: several evaluations in one job.
struct SuiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suite",
        abstract: "Run several evaluations in one job; equal models share their engines.",
        discussion: """
            Each configuration has its run in DIR/NAME, NAME being that of its file without .yaml. An \
            engine is kept from one evaluation to the next while model and engine options are the \
            same; LoRA adapters are loaded into it. Interrupted suites go on where they were: give the \
            same command again. Exit statuses are those of deepmath eval.

              deepmath suite --run runs/suite configs/suite/*-math500.yaml
              deepmath-report summary runs/suite/* --reference
            """
    )

    @Argument(help: "Configurations, YAML files.")
    var configs: [String]

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("Directory of all runs; made when it is not there.", valueName: "dir")
    )
    var directory: String

    @OptionGroup
    var job: JobOptions

    private func name(_ config: String) -> String {
        URL(filePath: config).deletingPathExtension().lastPathComponent
    }

    func validate() throws {
        let names = configs.map(name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ValidationError("two configurations are called \(twice): their runs would be one")
        }
    }

    func run() throws {
        job.startLogging()
        let entries = configs.map {
            job.entry(config: $0, runDirectory: directory + "/" + name($0))
        }
        let exit = EvaluationJob(entries).run()
        guard exit == .done else { throw ExitCode(exit.rawValue) }
    }
}
