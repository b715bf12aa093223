// The suite's command: runs experiments, prints one page, writes JSON.

import ArgumentParser
import Foundation

@main
struct Bench: ParsableCommand {
    /// Every experiment there is, in the order of the page.
    static let experiments: [any Experiment.Type] = [
        CoordinatorExperiment.self, ScaleExperiment.self, MakespanExperiment.self,
        ServedEngine.self, SimulatedEngine.self,
        SandboxExperiment.self, SoakExperiment.self, TracesExperiment.self, ReportExperiment.self,
        GradingExperiment.self, TrainingExperiment.self,
    ]

    static let configuration = CommandConfiguration(
        commandName: "tools/bench",
        abstract: "Measure each part against what one would use instead.",
        discussion: """
            Every figure is a ratio of two quantities of the same run. The exit status is 1 when a \
            ratio misses its bound.

            Experiments:
            \(experiments.map { "  \($0.name): \($0.question)" }.joined(separator: "\n"))
            """
    )

    @Argument(help: "Experiments to run (default: all).")
    var names: [String] = []

    @Flag(
        help: """
            Fewer repetitions, for a look at regressions: bounds three times as wide, around what was \
            last measured where a bound is not met yet; budgets of time are shown and not judged.
            """
    )
    var quick = false

    @Option(help: ArgumentHelp("Write the figures to FILE as JSON.", valueName: "FILE"))
    var json: String?

    /// What one rank of a simulated job is told: started by ``ScaleExperiment``.
    @Option(help: .hidden)
    var simulatedRank: String?

    func validate() throws {
        for name in names where !Self.experiments.contains(where: { $0.name == name }) {
            let known = Self.experiments.map { $0.name }.joined(separator: ", ")
            throw ValidationError("there is no experiment \(name) (known: \(known))")
        }
    }

    func run() throws {
        if let simulatedRank { return try SimulatedRanks.runRank(simulatedRank) }
        let slack: Double? = quick ? 3 : nil
        var page = Page(machine: .current)
        print(page.machine.line)
        for experiment in Self.experiments where names.isEmpty || names.contains(experiment.name) {
            print("\n\(experiment.name): \(experiment.question)")
            let figures = try experiment.figures(quick ? .quick : .full)
            for figure in figures { print(Page.line(figure, slack: slack)) }
            page.results.append(Page.Result(experiment: experiment.name, figures: figures))
        }
        if let json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(page).write(to: URL(filePath: json), options: .atomic)
        }
        let missed = page.results.flatMap(\.figures).filter { figure in
            slack.map { !figure.isKept(slack: $0) } ?? !figure.isMet()
        }
        guard missed.isEmpty else {
            print("\n\(missed.count) of the figures miss their bounds")
            throw ExitCode.failure
        }
    }
}
