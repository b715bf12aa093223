import Foundation
import MPI
import RolloutModel
import TraceStore

extension Check {
    /// Times appending and packing of long episodes; a measurement, not a check.
    ///
    /// Arguments: directory, episodes per rank and round, tokens per episode, rounds.
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
        var seconds = 0.0
        for round in 0..<roundCount {
            let first = round * perRound + world.rank * episodeCount
            let episodes = try (first..<first + episodeCount).map {
                try longEpisode($0, tokenCount: tokenCount)
            }
            try world.barrier()
            let start = ContinuousClock.now
            try writer.append(
                episodes,
                rankSamples: [ExampleRun.sample(round: round, rank: world.rank)],
                over: world
            )
            seconds += (ContinuousClock.now - start) / .seconds(1)
        }
        let bytes = Double(perRound * roundCount * tokenCount * 13)
        let empty = try timed {
            for _ in 0..<10 { try writer.append([], rankSamples: [], over: world) }
        }
        let packing = try timed { try writer.pack(over: world) }
        if world.rank == 0 {
            complain(
                "append \(seconds) s, \(bytes / seconds / 1e6) MB/s, \(seconds / Double(roundCount)) "
                    + "s a round; empty round \(empty / 10) s; pack \(packing) s, "
                    + "\(bytes / packing / 1e6) MB/s"
            )
        }
    }

    private static func timed(_ body: () throws -> Void) throws -> Double {
        let start = ContinuousClock.now
        try body()
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
