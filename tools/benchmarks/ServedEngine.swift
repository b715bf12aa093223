// The real vLLM with the demo model: its arithmetic has one core, and the rest of it shares the
// other one with the program, its interpreters and graders, or with the baseline.

import Foundation
import Inference
import Logging
import Orchestration
import RolloutModel

/// What keeping 64 attempts in flight gains, and what sandbox and grading take from it.
enum ServedEngine: Experiment {
    static let name = "engine"
    static let question = "What do attempts in flight gain, and what do tools and grading take?"

    private static let inFlight = 64
    private static let runSeed: UInt64 = 7

    /// The layers of a model that fills a GPU: Qwen3-32B has as many.
    ///
    /// A step of the demo model then takes about 20 ms for one sequence and not much more for many, as on
    /// a GPU. With its own 4 layers it takes 2 ms, less than HTTP and tools cost beside it on the same
    /// two cores.
    private static let layerCount = 64

    static func figures(_ scale: Scale) throws -> [Figure] {
        let directory = try ScratchFolder.make()
        let deep = directory.path + "/model"
        _ = try Command([
            ".venv/bin/python", "tools/benchmarks/deepen_model.py", demoModel, deep,
            "\(layerCount)",
        ]).output()
        let figures =
            try measure("vLLM, demo model of \(layerCount) layers", deep, scale, directory)
            // Last measured: tools and engine share two cores, and here the tools need more of them.
            + measure("vLLM, demo model", demoModel, scale, directory, reached: (9.2, 0.56))
        try ScratchFolder.remove(directory)
        return figures
    }

    private static func measure(
        _ title: String,
        _ model: String,
        _ scale: Scale,
        _ directory: URL,
        reached: (ofOne: Double, ofIdeal: Double)? = nil
    ) throws -> [Figure] {
        let folder = directory.appending(path: "engine-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let engine = try BlockingTask.value {
            try await Engine.start(
                options(model, folder),
                logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
            )
        }
        defer { BlockingTask.value { await engine.stop() } }
        let socket = folder + "/engine/socket"
        // The same hundred problems: others have shorter answers.
        let (few, many) = (100, scale == .quick ? 300 : 1000)
        func run(_ concurrency: Int, _ attemptCount: Int) throws -> EvaluationRun {
            try EvaluationRun(
                configuration: configuration(model, socket, concurrency, attemptCount),
                directory: directory
            )
        }
        // Nobody's first calls: the graph of each batch size is warm.
        _ = try run(inFlight, 128)
        let full = try run(inFlight, many)
        let replay = try ReplayClient(
            socket: socket,
            model: model,
            runSeed: runSeed,
            concurrency: inFlight,
            asksForLengths: true,
            tokenizes: true
        ).start(full.episodes, directory: directory).result()
        let single = try run(1, few)
        return [
            Figure(
                "\(title): attempts with \(inFlight) in flight",
                full.episodesPerSecond,
                "1/s",
                against: "with 1 in flight",
                single.episodesPerSecond,
                .atLeast(12),
                reached: reached?.ofOne
            ),
            Figure(
                "\(title): attempts with \(inFlight) in flight",
                full.episodesPerSecond,
                "1/s",
                against: "closed-loop client, same lengths, no sandbox or grading",
                Double(full.episodes.count) / replay.wall,
                .atLeast(0.9),
                reached: reached?.ofIdeal
            ),
        ]
    }

    private static var demoModel: String {
        FileManager.default.currentDirectoryPath + "/configs/demo/model"
    }

    private static func options(_ model: String, _ directory: String) -> EngineOptions {
        EngineOptions(
            python: FileManager.default.currentDirectoryPath + "/.venv/bin/python",
            model: model,
            servedName: model,
            runDirectory: directory,
            logPath: directory + "/engine.log",
            arguments: [
                "--dtype", "float32", "--enforce-eager", "--max-model-len", "2048",
                "--no-enable-chunked-prefill", "--max-num-batched-tokens", "16384",
                "--block-size", "32",
            ],
            environment: ["VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "0"],
            computesOnCores: true
        )
    }

    private static func configuration(
        _ model: String,
        _ socket: String,
        _ concurrency: Int,
        _ attemptCount: Int
    ) -> String {
        """
        run: {samples: \(max(1, attemptCount / 100)), seed: \(runSeed), round_seconds: 5}
        dataset: {path: configs/demo/problems.jsonl, limit: \(min(100, attemptCount))}
        model: {path: \(model)}
        engine: {attach: ["unix:\(socket)"], concurrency: \(concurrency)}
        agent: {prompt: configs/prompts/demo-agent.txt, step_limit: 8, turn_tokens: 256, \
        output_tokens: 1024}
        sampling: {temperature: 1.0, top_p: 1, top_k: 0}

        """
    }
}
