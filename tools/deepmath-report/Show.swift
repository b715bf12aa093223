import ArgumentParser
import Foundation
import RolloutModel
import TraceStore

/// `show RUN --problem ID --sample N`: one trace as a person wants to read it.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints one trace: the turns with code and output marked."
    )

    @Argument(help: ArgumentHelp("A run directory, or its traces.h5.", valueName: "run"))
    var trace: String

    @Option(help: "Id of the problem, as in its data set.")
    var problem: String

    @Option(help: "Zero-based sample.")
    var sample = 0

    @Option(help: "Colours: auto (on a terminal, unless NO_COLOR is set), always or never.")
    var color = Color.auto

    enum Color: String, ExpressibleByArgument, CaseIterable {
        case auto
        case always
        case never
    }

    func validate() throws {
        guard sample >= 0 else { throw ValidationError("--sample counts from 0") }
    }

    func run() throws {
        let reader = try Runs.open(trace)
        let problems = try reader.problems()
        guard let index = problems.firstIndex(where: { $0.id == problem }) else {
            let near = problems.prefix(3).map(\.id).joined(separator: ", ")
            throw TraceError.noEpisode(
                path: trace,
                wanted: "problem \(problem) (ids here are like \(near))"
            )
        }
        let task = EpisodeTask(problem: ProblemIndex(index), sample: SampleIndex(sample))
        guard let row = try reader.row(of: task) else {
            let samples = try reader.tasks().filter { $0.problem == task.problem }
                .map { "\($0.sample)" }
            throw TraceError.noEpisode(
                path: trace,
                wanted: "problem \(problem), sample \(sample) "
                    + "(stored samples: \(samples.joined(separator: " ")))"
            )
        }
        let isColored =
            switch color {
            case .auto: Terminal.hasColor
            case .always: true
            case .never: false
            }
        try Terminal.show(
            TraceText(
                problem: problems[index],
                episode: try reader.episode(row).episode,
                isColored: isColored
            ).text
        )
    }
}
