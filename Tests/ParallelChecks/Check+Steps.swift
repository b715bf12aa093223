import Foundation
import MPI
import RolloutModel
import TraceStore

extension Check {
    /// Writes three steps of training, some ranks without rows, and reads them back.
    ///
    /// Argument: directory.
    static func steps(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let directory = arguments[0]
        let tasks = ExampleRun.tasks(problemCount: 9, sampleCount: 4)
        let writer = try TraceWriter(
            directory: directory,
            over: world,
            attributes: ExampleRun.attributes,
            problems: ExampleRun.problems(9)
        )
        for step in 1...3 {
            let attempts = tasks[(step - 1) * 12..<step * 12]
            let mine = try attempts.enumerated()
                .filter { $0.offset / 5 % world.size == world.rank }
                .map { try ExampleRun.episode($0.element) }
            try writer.writeStep(
                step,
                EpisodeBatch(mine),
                rankSamples: [ExampleRun.sample(round: step, rank: world.rank)],
                attributes: [
                    "step": "\(step)", "policy_version": "\(step - 1)", "temperature": "0.9",
                ],
                over: world
            )
        }
        if world.rank == 0 {
            let steps = try RunSteps(run: directory)
            try expectEqual(steps.lastNumber, 3)
            try expectEqual(steps.lastAttributes["step"], "3")
            let reader = try TraceReader(run: directory)
            try expectEqual(try reader.tasks().sorted(), tasks)
            let points = try TrainingCurve(run: directory).points
            try expectEqual(points.map(\.policyVersion), [0, 1, 2])
            for (step, point) in points.enumerated() {
                let outcomes = try tasks[step * 12..<step * 12 + 12]
                    .map { EpisodeOutcome(try ExampleRun.episode($0)) }
                try expectEqual(point.summary, StepSummary(outcomes))
                try expect(point.update == nil, "no adapter is there")
            }
        }
        try world.barrier()
    }
}
