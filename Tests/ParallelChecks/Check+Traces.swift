import Foundation
import MPI
import RolloutModel
import TraceStore

extension Check {
    /// Writes an example run in rounds of unequal and empty ranks, then packs it.
    ///
    /// Arguments: directory, `pack` or `keep`, and then the first problem and the end of those whose
    /// episodes are written (all when left out).
    static func traces(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let directory = arguments[0]
        let problems = ExampleRun.problems(23)
        let range =
            arguments.count > 3 ? (Int(arguments[2]) ?? 0)..<(Int(arguments[3]) ?? 0) : 0..<23
        let tasks = ExampleRun.tasks(problemCount: 23, sampleCount: 4)
            .filter { range.contains($0.problem.value) }
        let writer = try TraceWriter(
            directory: directory,
            over: world,
            attributes: ExampleRun.attributes,
            problems: problems,
            hosts: ExampleRun.hosts
        )
        // Round r writes every fifth attempt from the r-th on, the higher ones first; of those a rank
        // takes what is left over for it, which is nothing for some ranks in some rounds.
        for round in 0..<5 {
            let attempts = stride(from: round, to: tasks.count, by: 5).map { tasks[$0] }.reversed()
            let mine = try attempts.enumerated()
                .filter { ($0.offset / 7 + round) % world.size == world.rank }
                .map { try ExampleRun.episode($0.element) }
            try writer.append(
                EpisodeBatch(mine),
                rankSamples: [ExampleRun.sample(round: round, rank: world.rank)],
                over: world
            )
            // A round without episodes makes no file.
            let before = writer.segmentNumber
            let wrote = try writer.append(EpisodeBatch(), rankSamples: [], over: world)
            try expect(!wrote && writer.segmentNumber == before, "an empty round writes no file")
        }
        if arguments[1] == "pack" { try writer.pack(over: world) }
        try expectEqual(writer.independentTransferCount, 0)
        if world.rank == 0 { try verify(directory, tasks: tasks, isPacked: arguments[1] == "pack") }
        try world.barrier()
    }

    /// Everything comes back as it was made.
    private static func verify(_ directory: String, tasks: [EpisodeTask], isPacked: Bool) throws {
        let reader = try TraceReader(run: directory)
        try expectEqual(reader.isPacked, isPacked)
        try expectEqual(try reader.problems(), ExampleRun.problems(23))
        try expectEqual(try Array(reader.hosts().prefix(2)), ExampleRun.hosts)
        for (name, value) in ExampleRun.attributes {
            try expectEqual(try reader.attributes()[name], value)
        }
        let stored = try reader.tasks()
        try expectEqual(isPacked ? stored : stored.sorted(), stored.sorted())
        for task in tasks {
            guard let row = try reader.row(of: task) else {
                throw Failure(description: "\(task) is missing")
            }
            try expectEqual(try reader.episode(row).episode, try ExampleRun.episode(task))
            try expectEqual(
                try reader.outcomes()[row.value],
                EpisodeOutcome(try ExampleRun.episode(task))
            )
        }
    }
}
