import Foundation
import MPI
import RolloutModel
import TraceStore

extension Check {
    /// Times appending beside plain MPI-IO, empty rounds, and packing; a measurement, not a check.
    ///
    /// Episodes are laid out and checksummed as they come, while engines work; that is timed on its own.
    /// Each round is written by both, in turn first, with as many bytes and both to the disk. Says the
    /// figures as one object of JSON. Arguments: directory, episodes per rank and round, tokens per episode,
    /// rounds.
    static func speed(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let numbers = arguments.dropFirst().compactMap { Int($0) }
        let (episodeCount, tokenCount, roundCount) = (numbers[0], numbers[1], numbers[2])
        let perRound = episodeCount * world.size
        let problemCount = (perRound * roundCount + 15) / 16
        let writer = try TraceWriter(
            directory: arguments[0],
            over: world,
            attributes: ExampleRun.attributes,
            problems: ExampleRun.problems(problemCount)
        )
        var layOut = 0.0
        var append = 0.0
        var plain = 0.0
        var byteCount = 0
        for round in 0..<roundCount {
            let first = round * perRound + world.rank * episodeCount
            let episodes = try (first..<first + episodeCount).map {
                try longEpisode($0, tokenCount: tokenCount)
            }
            let sample = ExampleRun.sample(round: round, rank: world.rank)
            // What a round has of bytes: ids, log-probabilities, masks and four bytes of text a token.
            let bytes = (0..<episodeCount * tokenCount * 13).map { UInt8(truncatingIfNeeded: $0) }
            var batch = EpisodeBatch()
            layOut += try timed(world) { for episode in episodes { batch.append([episode]) } }
            func appendRound() throws {
                append += try timed(world) {
                    try writer.append(batch, rankSamples: [sample], over: world)
                }
            }
            if round.isMultiple(of: 2) { try appendRound() }
            plain += try timed(world) {
                try world.writeFile(
                    arguments[0] + "/plain-\(round)",
                    bytes,
                    at: world.rank * bytes.count
                )
            }
            if !round.isMultiple(of: 2) { try appendRound() }
            byteCount += bytes.count * world.size
        }
        let empty = try timed(world) {
            for _ in 0..<10 { try writer.append(EpisodeBatch(), rankSamples: [], over: world) }
        }
        let packing = try timed(world) { try writer.pack(over: world) }
        if world.rank == 0 {
            for round in 0..<roundCount {
                try FileManager.default.removeItem(atPath: arguments[0] + "/plain-\(round)")
            }
            print(
                """
                {"bytes": \(byteCount), "layOut": \(layOut), "append": \(append), "plain": \(plain), \
                "emptyRound": \(empty / 10), "pack": \(packing)}
                """
            )
        }
    }

    /// Writes and packs a long run, without measuring anything; the arguments are those of `speed`.
    static func longRun(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let numbers = arguments.dropFirst().compactMap { Int($0) }
        let (episodeCount, tokenCount, roundCount) = (numbers[0], numbers[1], numbers[2])
        let perRound = episodeCount * world.size
        let writer = try TraceWriter(
            directory: arguments[0],
            over: world,
            attributes: ExampleRun.attributes,
            problems: ExampleRun.problems((perRound * roundCount + 15) / 16)
        )
        for round in 0..<roundCount {
            let first = round * perRound + world.rank * episodeCount
            try writer.append(
                EpisodeBatch(
                    try (first..<first + episodeCount).map {
                        try longEpisode($0, tokenCount: tokenCount)
                    }
                ),
                rankSamples: [ExampleRun.sample(round: round, rank: world.rank)],
                over: world
            )
        }
        try writer.pack(over: world)
    }

    /// Seconds from when all ranks are ready until all have done it.
    private static func timed(
        _ world: borrowing Communicator,
        _ body: () throws -> Void
    ) throws -> Double {
        try world.barrier()
        let start = ContinuousClock.now
        try body()
        try world.barrier()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// Tokens like those of a real vocabulary and four bytes of text for each.
    private static func longEpisode(_ number: Int, tokenCount: Int) throws -> Episode {
        var builder = TrajectoryBuilder()
        var random = SystemRandomNumberGenerator()
        let promptIDs = (0..<100).map { Int32($0) }
        builder.append(.prompt, ids: promptIDs, text: "a prompt", wallSeconds: 0)
        let ids = (0..<tokenCount).map { _ in
            // Most tokens are frequent ones: the product of uniform numbers is skewed to small ones.
            Int32(Double.random(in: 0..<1, using: &random) * Double.random(in: 0..<150_000))
        }
        builder.appendModelTurn(
            ids: ids,
            logProbabilities: ids.map { _ in -Float.random(in: 0..<1, using: &random) },
            text: ids.map { String($0 % 1000 + 1000) }.joined(),
            wallSeconds: 100,
            stopReason: "stop"
        )
        return Episode(
            task: EpisodeTask(
                problem: ProblemIndex(number / 16),
                sample: SampleIndex(number % 16)
            ),
            status: .completed,
            finish: .answer,
            trajectory: try builder.trajectory(),
            toolCalls: [],
            grade: Grade(
                outcome: number % 3 == 0 ? .right : .wrong,
                answer: "\(number)",
                canonicalAnswer: "\(number % 5)",
                wallSeconds: 0.01
            ),
            reward: 1,
            seed: 1,
            temperature: 1,
            retryCount: 0,
            cachedTokenCount: 0,
            times: Episode.Times(total: 100)
        )
    }
}
