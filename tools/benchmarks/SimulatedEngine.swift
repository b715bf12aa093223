// A simulated GPU: the scripted engine as a process of its own, so that the program's processor time
// and idle places show, and nothing else limits.
//
// What the engine says does not depend on its speed. So a fast run tells the calls first, and then
// program and baseline make them at the same time: a machine's pace changes within minutes by more
// than what is to be seen here.

import Foundation
import RolloutModel

/// What the program costs and wastes beside an engine of known speed.
enum SimulatedEngine: Experiment {
    static let name = "engine-simulated"
    static let question = "Does the worker keep a GPU's places full, and what does it cost?"

    private static let tokensPerSecond = 50.0
    private static let rehearsalTokensPerSecond = 5000.0
    private static let firstTokenSeconds = 0.05
    private static let inFlight = 256
    private static let runSeed: UInt64 = 7
    /// Only a name here: the scripted engine has no model.
    private static let model = "configs/demo/model"

    /// What an attempt is like.
    private struct Load {
        let name: String
        let turnCount: Int
        let turnTokens: ClosedRange<Int>
        /// Attempts of each place.
        let waves: Int
        /// What was last measured of the baseline's processor time; nil in a load without quick runs.
        let reached: Double?

        /// Three answers of a paragraph.
        static func short(waves: Int) -> Load {
            Load(
                name: "short turns",
                turnCount: 3,
                turnTokens: 300...700,
                waves: waves,
                reached: 0.75
            )
        }

        /// Nearly what the agent's limits allow: 20,000 tokens, 3,000 for a turn.
        static let long = Load(
            name: "long turns",
            turnCount: 7,
            turnTokens: 2000...3000,
            waves: 1,
            reached: nil
        )
    }

    static func figures(_ scale: Scale) throws -> [Figure] {
        let few = 16
        let small = try run(Load.short(waves: 1), tokensPerSecond, few, few)
        let loads: [Load] =
            switch scale {
            case .quick: [.short(waves: 1)]
            case .full: [.short(waves: 2), .long]
            }
        return try loads.flatMap { try figures($0, fixedBytes: small.grownBytes, few) }
    }

    private static func run(
        _ load: Load,
        _ tokensPerSecond: Double,
        _ concurrency: Int,
        _ attemptCount: Int
    ) throws -> EvaluationRun {
        try served(load, tokensPerSecond) { socket, directory in
            try EvaluationRun(
                configuration: try configuration(socket, concurrency, attemptCount, directory),
                directory: directory
            )
        }
    }

    /// The figures of one load; `fixedBytes` is the memory of a run of `few` attempts with short turns,
    /// which is less than with long ones.
    private static func figures(
        _ load: Load,
        fixedBytes: Int,
        _ few: Int
    ) throws -> [Figure] {
        let attemptCount = load.waves * inFlight
        let rehearsal = try run(load, rehearsalTokensPerSecond, inFlight, attemptCount)
        let (run, replay) = try served(load, tokensPerSecond) { socket, directory in
            let client = ReplayClient(
                socket: socket,
                model: model,
                runSeed: runSeed,
                concurrency: inFlight,
                asksForLengths: false,
                tokenizes: true
            )
            let replay = try client.start(rehearsal.episodes, directory: directory)
            let run = try EvaluationRun(
                configuration: try configuration(socket, inFlight, attemptCount, directory),
                directory: directory
            )
            return (run, try replay.result())
        }
        guard replay.tokens == run.tokenCount else {
            throw EvaluationRun.Failure(
                description: "the baseline drew \(replay.tokens) tokens, not \(run.tokenCount)"
            )
        }
        let thousands = Double(run.tokenCount) / 1000
        let perEpisode =
            Double(run.grownBytes - fixedBytes) / Double(inFlight - few)
            - tokenBytes(run)
        return [
            Figure(
                "\(load.name): makespan with \(inFlight) in flight, \(run.episodes.count) attempts",
                run.makespan,
                "s",
                against: "the places never idle",
                ideal(run.episodes),
                .atMost(1.02)
            ),
            Figure(
                "\(load.name): worker's CPU for 1,000 sampled tokens",
                run.processorSeconds / thousands * 1000,
                "ms",
                against: "aiohttp client, same calls",
                replay.processor / thousands * 1000,
                .atMost(0.25),
                reached: load.reached
            ),
            Figure(
                "\(load.name): memory of an attempt in flight beyond tokens and text",
                perEpisode / 1000,
                "kB",
                against: "budget",
                200,
                .atMost(1)
            ),
        ]
    }

    /// What an attempt in flight had of tokens (id, log-probability, mask) and text, on average, when the
    /// first one ended.
    private static func tokenBytes(_ run: EvaluationRun) -> Double {
        let inFlight = run.episodes.filter { $0.times.startedAt <= run.firstEnd }
        let bytes = inFlight.reduce(0) { sum, episode in
            var time = episode.times.startedAt
            return episode.trajectory.turns.reduce(sum) { sum, turn in
                time += turn.wallSeconds
                return time > run.firstEnd
                    ? sum : sum + 9 * turn.tokens.count + turn.text.utf8.count
            }
        }
        return Double(bytes) / Double(inFlight.count)
    }

    /// Runs `body` with a scripted engine of its own, and a folder.
    private static func served<Result>(
        _ load: Load,
        _ tokensPerSecond: Double,
        _ body: (_ socket: String, _ directory: URL) throws -> Result
    ) throws -> Result {
        let directory = try ScratchFolder.make()
        let socket = directory.path + "/engine"
        let server = try start(load, tokensPerSecond, socket: socket)
        defer {
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
        }
        let result = try body(socket, directory)
        try ScratchFolder.remove(directory)
        return result
    }

    /// Every place takes the next attempt, in order, the moment it is free.
    private static func ideal(_ episodes: [Episode]) -> Double {
        var free = [Double](repeating: 0, count: inFlight)
        for episode in episodes.sorted(by: { $0.times.startedAt < $1.times.startedAt }) {
            let turns = episode.trajectory.turns.filter { $0.role == .model }
            let seconds = turns.reduce(0) {
                $0 + firstTokenSeconds + Double($1.tokens.count - 1) / tokensPerSecond
            }
            let next = free.indices.min { free[$0] < free[$1] } ?? 0
            free[next] += seconds
        }
        return free.max() ?? 0
    }

    private static func start(
        _ load: Load,
        _ tokensPerSecond: Double,
        socket: String
    ) throws -> Process {
        let behaviour = """
            {"work":{"turnCount":\(load.turnCount),"leastTokens":\(load.turnTokens.lowerBound),\
            "mostTokens":\(load.turnTokens.upperBound)},\
            "latency":{"firstTokenSeconds":\(firstTokenSeconds),"totalTokensPerSecond":0,\
            "streamTokensPerSecond":\(tokensPerSecond),"placeCount":4096}}
            """
        let process = Process()
        process.executableURL = URL(filePath: Programs.path("scripted-engine"))
        process.arguments = [
            "--uds", socket, "--max-model-len", "32768", "--served-model-name", model,
        ]
        process.environment = ["SCRIPTED_ENGINE": behaviour]
        process.standardError = FileHandle.nullDevice
        try process.run()
        while !FileManager.default.fileExists(atPath: socket) { usleep(10_000) }
        return process
    }

    private static func configuration(
        _ socket: String,
        _ concurrency: Int,
        _ attemptCount: Int,
        _ directory: URL
    ) throws -> String {
        let prompt = directory.appending(path: "prompt")
        try Data("{problem}\n".utf8).write(to: prompt)
        return """
            run: {samples: \(attemptCount / 16), seed: \(runSeed)}
            dataset: {path: configs/demo/problems.jsonl, limit: 16}
            model: {path: \(model)}
            engine: {attach: ["unix:\(socket)"], concurrency: \(concurrency)}
            agent: {prompt: \(prompt.path)}
            sampling: {temperature: 1.0, top_p: 1, top_k: 0}

            """
    }
}
