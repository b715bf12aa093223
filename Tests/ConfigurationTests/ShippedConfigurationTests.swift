import Configuration
import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// Every configuration that is there: a new file is checked without being named here.
private let shipped: [String] = {
    let folder = root.appendingPathComponent("configs").path
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
}()

/// The configurations that come with the program.
@Suite struct ShippedConfigurationTests {
    @Test func theSuiteHasAFileForEveryCell() throws {
        let cells = ["baseline", "grpo", "agent", "deepmath"].flatMap { method in
            ["math500", "aime24", "aime25", "hmmt_feb25", "hle"].map { "suite/\(method)-\($0)" }
        }
        #expect(Set(shipped.filter { $0.hasPrefix("suite/") }) == Set(cells))
        for cell in cells {
            let path = root.appendingPathComponent("configs/\(cell).yaml").path
            let job = try JobConfiguration.load(path: path)
            let name = try #require(cell.split(separator: "/").last)
            let method = try #require(name.split(separator: "-").first)
            #expect(job.dataset.path == "benchmarks/\(name.dropFirst(method.count + 1)).jsonl")
            #expect(job.model.path == "Qwen/Qwen3-4B-Thinking-2507")
            #expect(job.agent.enabled == (method == "agent" || method == "deepmath"))
            #expect((job.engine.adapter != nil) == (method == "grpo" || method == "deepmath"))
            #expect(job.agent.turnTokens == (job.agent.enabled ? 3_000 : 20_000))
            #expect(job.agent.outputTokens == 20_000 && job.agent.stepLimit == 50)
            #expect(job.run.samples == 16 && job.sampling.temperature == 0.6)
            #expect(job.sampling.topP == 0.95 && job.sampling.topK == 20)
        }
    }

    @Test(arguments: shipped)
    func itIsValidAndItsPromptHoldsTheProblem(_ name: String) throws {
        let path = root.appendingPathComponent("configs/\(name).yaml").path
        let configuration = try JobConfiguration.load(path: path)
        let prompt = try String(
            contentsOf: root.appendingPathComponent(configuration.agent.promptPath),
            encoding: .utf8
        )
        #expect(prompt.contains("{problem}"))
    }

    /// The published run: Intel's DeepMath.
    @Test func trainingHasThePublishedHyperParameters() throws {
        let path = root.appendingPathComponent("configs/train-deepmath.yaml").path
        let configuration = try JobConfiguration.load(path: path)
        try configuration.checkForTraining(name: path)
        let (training, trainer) = (configuration.training, configuration.trainer)
        #expect(training.groupSize == 4)
        #expect(training.temperature(atStep: 0) == 1.2)
        #expect(abs(training.temperature(atStep: training.steps) - 0.7) < 1e-12)
        #expect(configuration.agent.outputTokens == 5000)
        #expect(configuration.reward.toolUse == 1 && configuration.reward.accuracy == 0.1)
        #expect(trainer.loraRank == 32 && trainer.loraAlpha == 16 && trainer.rankStabilized)
        #expect(trainer.loraTargets == ["all-linear"])
        #expect(trainer.learningRate == 1e-6 && trainer.schedule == "cosine")
        #expect(trainer.warmupRatio == 0.1 && trainer.epsilonHigh == 0.4)
    }

    @Test func theDemoSamplesAtTemperatureOneWithoutCuts() throws {
        let path = root.appendingPathComponent("configs/demo.yaml").path
        let configuration = try JobConfiguration.load(path: path)
        #expect(configuration.sampling.temperature == 1)
        #expect(configuration.sampling.topP == 1)
        #expect(configuration.sampling.topK == 0)
        #expect(configuration.engine.arguments.count == 12)
        #expect(configuration.engine.environment == ["VLLM_CPU_KVCACHE_SPACE": "1"])
    }
}
