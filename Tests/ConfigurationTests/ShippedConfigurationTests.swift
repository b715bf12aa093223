import Configuration
import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// The configurations that come with the program.
@Suite struct ShippedConfigurationTests {
    @Test(arguments: [
        "demo", "demo-train", "train-deepmath", "eval-qwen3-4b", "eval-qwen3-4b-baseline",
    ])
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
        #expect(configuration.engine.arguments.count == 10)
        #expect(configuration.engine.environment == ["VLLM_CPU_KVCACHE_SPACE": "1"])
    }
}
