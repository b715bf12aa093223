import Foundation
import MPI
import RolloutModel
import TraceStore

extension Check {
    /// Does what is missing of an example run, six attempts a round, and packs it when all is there.
    ///
    /// Says its process identifiers first, and after each round how many episodes are safe, for a test that
    /// kills it underway. Argument: a directory.
    static func resume(_ world: borrowing Communicator, _ arguments: [String]) throws {
        complain("pid \(getpid())")
        let directory = arguments[0]
        let problems = ExampleRun.problems(40)
        let writer = try TraceWriter(
            directory: directory,
            over: world,
            attributes: ExampleRun.attributes,
            problems: problems
        )
        let present = Set(try TraceReader(run: directory).tasks())
        let missing = ExampleRun.tasks(problemCount: 40, sampleCount: 6)
            .filter { !present.contains($0) }
        try world.barrier()
        var safeCount = present.count
        var round = 0
        while round * 6 < missing.count {
            let tasks = missing[round * 6..<min(round * 6 + 6, missing.count)]
            let mine = try tasks.enumerated().filter { $0.offset % world.size == world.rank }
                .map { try ExampleRun.episode($0.element) }
            try writer.append(
                EpisodeBatch(mine),
                rankSamples: [ExampleRun.sample(round: round, rank: world.rank)],
                over: world
            )
            safeCount += tasks.count
            round += 1
            if world.rank == 0 {
                complain("safe \(safeCount)")
            }
        }
        try writer.pack(over: world)
        if world.rank == 0 {
            complain("packed")
            try verify(directory, tasks: ExampleRun.tasks(problemCount: 40, sampleCount: 6))
        }
        try world.barrier()
    }

    private static func verify(_ directory: String, tasks: [EpisodeTask]) throws {
        let reader = try TraceReader(run: directory)
        try expectEqual(try reader.tasks(), tasks)
        for (row, task) in tasks.enumerated() {
            try expectEqual(
                try reader.episode(EpisodeRow(row)).episode,
                try ExampleRun.episode(task)
            )
        }
    }
}

extension Check {
    /// Appends until files may not grow any more; every rank sees the failure, none waits.
    ///
    /// Says how many episodes were safe before. Arguments: a directory, the largest size of a file in bytes
    /// (0 leaves it to a file system that is full soon), and the one rank that it holds for (all when left
    /// out).
    static func diskFull(_ world: borrowing Communicator, _ arguments: [String]) throws {
        signal(SIGXFSZ, SIG_IGN)
        let isLimited = arguments.count < 3 || Int(arguments[2]) == world.rank
        if arguments[1] != "0", isLimited {
            // Only now: MPI itself maps larger files when it starts.
            let limit = try Process.run(
                URL(filePath: "/usr/bin/prlimit"),
                arguments: ["--pid", "\(getpid())", "--fsize=\(arguments[1])"]
            )
            limit.waitUntilExit()
            try expectEqual(limit.terminationStatus, 0)
        }
        let directory = arguments[0]
        let writer = try TraceWriter(
            directory: directory,
            over: world,
            attributes: [:],
            problems: ExampleRun.problems(40)
        )
        let tasks = ExampleRun.tasks(problemCount: 40, sampleCount: 100)
        var safeCount = 0
        var failure: (any Error)?
        var taken = 1
        while failure == nil {
            let round = tasks[safeCount..<safeCount + taken]
            let mine = try round.enumerated().filter { $0.offset % world.size == world.rank }
                .map { try ExampleRun.episode($0.element) }
            do {
                try writer.append(EpisodeBatch(mine), rankSamples: [], over: world)
                safeCount += taken
            } catch {
                failure = error
            }
            taken *= 2
        }
        guard let failure else { return }
        if world.rank == 0 { complain("stopped: \(failure)") }
        let states = try world.gather(Array("\(failure)".utf8), at: 0)
        try expectEqual(states.filter { !$0.isEmpty }.count, world.rank == 0 ? world.size : 0)
        if world.rank == 0 {
            try expectEqual(try TraceReader(run: directory).episodeCount, safeCount)
            complain("safe \(safeCount)")
        }
        try world.barrier()
    }
}
