import Foundation
import Testing

/// Training with a real vLLM, a real TRL and a model with a real tokenizer.
@Suite(.serialized) struct RealTrainingTests {
    /// What the trainer measured in one update.
    private struct Metrics: Decodable {
        let loss: Double
        let grad_norm: Double
        let importance_ratio_min: Double
        let importance_ratio_max: Double
    }

    /// SmolLM2-135M, or the demo model where the package index cannot be reached.
    @Test func theEnginesSampleFromWhatTheTrainerHasMade() throws {
        let smolLM2 = Program.root.appending(path: ".build/test-models/smollm2").path
        let made = try Program.python(
            file: Program.root.appending(path: "tools/test-model/smollm2.py").path,
            [smolLM2]
        )
        try #require([0, 3].contains(made.status))
        let run = try Program.scratchFolder().appending(path: "run").path
        let weights = try threeSteps(
            [
                "model.path=\(made.status == 0 ? smolLM2 : "configs/demo/early-model")",
                "training.problems_per_step=1", "training.group_size=4",
                "training.temperature_start=1.1", "training.temperature_end=0.9",
                "training.schedule_begin=1", "training.schedule_end=3",
                "agent.turn_tokens=32", "agent.output_tokens=64", "agent.step_limit=3",
                "trainer.micro_batch=4",
                // Of a model that solves nothing, lengths differ.
                "reward.accuracy=0", "reward.length=1", "reward.soft_zone_tokens=60",
            ],
            run: run
        )
        // The adapters differ, so the ratios do say something.
        #expect(Set(weights).count == 3)
        let verified = try Program.run("deepmath-report", ["verify", run])
        #expect(verified.status == 0, "\(verified.output)")
    }

    /// Trains for three steps, and gives the adapters that were made.
    private func threeSteps(_ settings: [String], run: String) throws -> [Data] {
        // A first step without warm-up, and one that changes every probability.
        let fixed = ["training.steps=3", "trainer.schedule=constant", "trainer.warmup_ratio=0"]
        let program = try Program(
            "deepmath",
            ["train", "--config", "configs/demo-train.yaml", "--run", run]
                + (fixed + settings).flatMap { ["--set", $0] },
            rankCount: 2
        )
        let outcome = try program.finish()
        try #require(outcome.status == 0, "\(outcome.end)")
        #expect(try program.survivors(after: 5).isEmpty)
        return try (1...3).map { step in
            let policy = URL(filePath: run + "/policy/00000\(step)")
            let metrics = try JSONDecoder().decode(
                Metrics.self,
                from: Data(contentsOf: policy.appending(path: "metrics.json"))
            )
            #expect(metrics.loss.isFinite && metrics.grad_norm.isFinite)
            // The trainer's probability of each sampled token over the engine's: at step 1 for the
            // model as given, then for the adapters that went from the one to the other, at each
            // step's temperature. Both compute in single precision.
            #expect(metrics.importance_ratio_min > 0.99, "step \(step)")
            #expect(metrics.importance_ratio_max < 1.01, "step \(step)")
            return try Data(contentsOf: policy.appending(path: "adapter_model.safetensors"))
        }
    }
}
