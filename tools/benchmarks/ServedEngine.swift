// The real vLLM with the demo model. A GPU leaves the processor to the worker; here vLLM has one core,
// and the program with its interpreters and graders, or the baseline, has the other one.

import Foundation
import Inference
import Logging
import RolloutModel

/// What keeping 64 attempts in flight gains, and what sandbox and grading take from it.
struct ServedEngine {
    private static let inFlight = 64
    private static let runSeed: UInt64 = 7

    static func figures(_ scale: Scale) async throws -> [Figure] {
        let directory = try ScratchFolder.make()
        let engine = try await Engine.start(
            options(directory.path),
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            let socket = directory.path + "/engine/socket"
            try keepOnFirstCore(socket)
            let figures = try measure(scale, socket: socket, directory: directory)
            await engine.stop()
            try ScratchFolder.remove(directory)
            return figures
        } catch {
            await engine.stop()
            throw error
        }
    }

    private static func measure(
        _ scale: Scale,
        socket: String,
        directory: URL
    ) throws -> [Figure] {
        let (few, many) = scale == .quick ? (24, 400) : (64, 1200)
        func run(_ concurrency: Int, _ attemptCount: Int) throws -> EvaluationRun {
            try EvaluationRun(
                configuration: configuration(socket, concurrency, attemptCount),
                directory: directory,
                cores: "1"
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
        ).run(full.episodes, directory: directory, cores: "1")
        let single = try run(1, few)
        return [
            Figure(
                "vLLM: attempts with \(inFlight) in flight",
                full.episodesPerSecond,
                "1/s",
                against: "with 1 in flight",
                single.episodesPerSecond,
                .atLeast(12)
            ),
            Figure(
                "vLLM: attempts with \(inFlight) in flight",
                full.episodesPerSecond,
                "1/s",
                against: "closed-loop client, same lengths, no sandbox or grading",
                Double(full.episodes.count) / replay.wall,
                .atLeast(0.9)
            ),
        ]
    }

    private static var model: String {
        FileManager.default.currentDirectoryPath + "/configs/demo/model"
    }

    private static func options(_ directory: String) -> EngineOptions {
        EngineOptions(
            python: FileManager.default.currentDirectoryPath + "/.venv/bin/python",
            model: model,
            servedName: model,
            runDirectory: directory,
            logPath: directory + "/engine.log",
            arguments: [
                "--dtype", "float32", "--enforce-eager", "--max-model-len", "2048",
                "--no-enable-chunked-prefill", "--max-num-batched-tokens", "16384",
            ],
            environment: ["VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "0"]
        )
    }

    /// Binds the server, its engine and all their threads, which `/proc` names by the socket.
    private static func keepOnFirstCore(_ socket: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc")
        let servers = names.compactMap { Int32($0) }.filter { identifier in
            let line = FileManager.default.contents(atPath: "/proc/\(identifier)/cmdline")
            return line.map { String(decoding: $0, as: UTF8.self).contains(socket) } ?? false
        }
        let children = names.compactMap { Int32($0) }.filter { identifier in
            let stat = FileManager.default.contents(atPath: "/proc/\(identifier)/stat") ?? Data()
            let fields = String(decoding: stat, as: UTF8.self).split(separator: ")").last?
                .split(separator: " ")
            return servers.contains(fields?.dropFirst().first.flatMap { Int32($0) } ?? 0)
        }
        for identifier in servers + children {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["taskset", "-a", "-p", "-c", "0", "\(identifier)"]
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
        }
    }

    private static func configuration(
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
