// A simulated GPU: the scripted engine as a process of its own, so that the program's processor time
// and idle places show, and nothing else limits.

import Foundation
import RolloutModel

/// What the program costs and wastes beside an engine of known speed.
enum SimulatedEngine: Experiment {
    static let name = "engine-simulated"
    static let question = "Does the worker keep a GPU's places full, and what does it cost?"

    private static let tokensPerSecond = 50.0
    private static let firstTokenSeconds = 0.05
    private static let inFlight = 256
    private static let runSeed: UInt64 = 7
    /// Only a name here: the scripted engine has no model.
    private static let model = "configs/demo/model"

    static func figures(_ scale: Scale) throws -> [Figure] {
        let directory = try ScratchFolder.make()
        let socket = directory.path + "/engine"
        let server = try start(socket: socket)
        defer {
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
        }
        let waves = scale == .quick ? 1 : 2
        let run = try EvaluationRun(
            configuration: try configuration(socket, inFlight, waves * inFlight, directory),
            directory: directory
        )
        let few = 16
        let small = try EvaluationRun(
            configuration: try configuration(socket, few, few, directory),
            directory: directory
        )
        let replay = try ReplayClient(
            socket: socket,
            model: model,
            runSeed: runSeed,
            concurrency: inFlight,
            asksForLengths: false,
            tokenizes: true
        ).run(run.episodes, directory: directory)
        guard replay.tokens == run.tokenCount else {
            throw EvaluationRun.Failure(
                description: "the baseline drew \(replay.tokens) tokens, not \(run.tokenCount)"
            )
        }
        try ScratchFolder.remove(directory)
        let thousands = Double(run.tokenCount) / 1000
        let tokenBytes = run.episodes.map { 9 * $0.trajectory.ids.count }.max() ?? 0
        let perEpisode =
            Double(run.grownBytes - small.grownBytes) / Double(inFlight - few) - Double(tokenBytes)
        return [
            Figure(
                "simulated GPU: makespan with \(inFlight) in flight, \(run.episodes.count) attempts",
                run.makespan,
                "s",
                against: "the places never idle",
                ideal(run.episodes),
                .atMost(1.02)
            ),
            Figure(
                "simulated GPU: worker's CPU for 1,000 sampled tokens",
                run.processorSeconds / thousands * 1000,
                "ms",
                against: "aiohttp client, same calls",
                replay.processor / thousands * 1000,
                .atMost(0.25),
                reached: 0.75
            ),
            Figure(
                "memory of an attempt in flight beyond its tokens",
                perEpisode / 1000,
                "kB",
                against: "budget",
                200,
                .atMost(1)
            ),
        ]
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

    private static func start(socket: String) throws -> Process {
        let behaviour = """
            {"work":{"turnCount":3,"leastTokens":300,"mostTokens":700},\
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
            run: {samples: \(attemptCount / 16), seed: \(runSeed), round_seconds: 5}
            dataset: {path: configs/demo/problems.jsonl, limit: 16}
            model: {path: \(model)}
            engine: {attach: ["unix:\(socket)"], concurrency: \(concurrency)}
            agent: {prompt: \(prompt.path)}
            sampling: {temperature: 1.0, top_p: 1, top_k: 0}

            """
    }
}
