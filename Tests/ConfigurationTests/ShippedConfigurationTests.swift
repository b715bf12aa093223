import Configuration
import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// The configurations that come with the program.
@Suite struct ShippedConfigurationTests {
    @Test(arguments: ["demo", "eval-qwen3-4b", "eval-qwen3-4b-baseline"])
    func itIsValidAndItsPromptHoldsTheProblem(_ name: String) throws {
        let path = root.appendingPathComponent("configs/\(name).yaml").path
        let configuration = try JobConfiguration.load(path: path)
        let prompt = try String(
            contentsOf: root.appendingPathComponent(configuration.agent.promptPath),
            encoding: .utf8
        )
        #expect(prompt.contains("{problem}"))
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
