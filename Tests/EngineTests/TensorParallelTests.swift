import Foundation
import Inference
import Logging
import Testing

/// One model spread over two processes of the real vLLM, as it would be over two GPUs.
///
/// Two processes on two cores take a minute to start: `DEEPMATH_ENGINE_TESTS=all` enables it.
@Suite(.enabled(if: RealEngine.isEverythingWanted), .timeLimit(.minutes(5)))
struct TensorParallelTests {
    @Test func twoPartsGiveTheModelsOwnLogProbabilities() async throws {
        let directory = "/tmp/parallel-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: false
        )
        let model = try TestModels.splittable(in: directory)
        var options = RealEngine.options
        options.model = model
        options.runDirectory = directory
        options.logPath = directory + "/engine.log"
        options.adapterRank = nil
        options.tensorParallel = 2
        options.environment["VLLM_CPU_OMP_THREADS_BIND"] = "0|1"
        let engine = try await Engine.start(options, logger: Logger(label: "engine"))
        let prompt = try await engine.promptIDs([ChatMessage(role: "user", content: "2 + 2?")]).ids
        let completion = try await engine.complete(
            prompt,
            SamplingParameters(temperature: 1, maxTokens: 24, seed: 3)
        )
        #expect(await engine.statistics.flags.contains("--tensor-parallel-size"))
        await engine.stop()
        let ids = prompt + completion.ids
        let expected = try TestModels.logProbabilities(
            of: [(ids, ids.indices.map { UInt8($0 >= prompt.count ? 1 : 0) })],
            model: model
        )[0]
        let worst = zip(expected, completion.logProbabilities).map { abs($0 - $1) }.max() ?? 1
        #expect(expected.count == completion.ids.count && worst < 2e-3)
        try FileManager.default.removeItem(atPath: directory)
    }
}
