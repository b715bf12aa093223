import Foundation
import Testing

/// Training with a real vLLM, a real TRL and the early checkpoint of the demo model.
@Suite(.serialized) struct RealTrainingTests {
    /// What the trainer measured in one update.
    private struct Metrics: Decodable {
        let loss: Double
        let grad_norm: Double
        let importance_ratio_min: Double
        let importance_ratio_max: Double
    }

    @Test func theEnginesSampleFromWhatTheTrainerHasMade() throws {
        let run = try Program.scratchFolder().appending(path: "run").path
        let program = try Program(
            "deepmath",
            ["train", "--config", "configs/demo-train.yaml", "--run", run]
                + [
                    "training.steps=3", "training.problems_per_step=4", "training.group_size=4",
                    // A first step without warm-up, and one that changes every probability.
                    "trainer.schedule=constant", "trainer.warmup_ratio=0",
                    "training.temperature_start=1.1", "training.temperature_end=0.9",
                    "training.schedule_begin=1", "training.schedule_end=3",
                ].flatMap { ["--set", $0] },
            rankCount: 2
        )
        let outcome = try program.finish()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try program.survivors(after: 5).isEmpty)
        for step in 1...3 {
            let path = run + "/policy/00000\(step)/metrics.json"
            let metrics = try JSONDecoder()
                .decode(Metrics.self, from: Data(contentsOf: URL(filePath: path)))
            #expect(metrics.loss.isFinite && metrics.grad_norm.isFinite)
            // The trainer's probability of each sampled token over the engine's: at step 1 for the
            // model as given, then for the adapters that went from the one to the other, at each
            // step's temperature. Both compute in single precision.
            #expect(metrics.importance_ratio_min > 0.99, "step \(step)")
            #expect(metrics.importance_ratio_max < 1.01, "step \(step)")
        }
        // The adapters differ, so the ratios above do say something.
        let weights = try (1...3).map { step in
            try Data(
                contentsOf: URL(
                    filePath: run + "/policy/00000\(step)/adapter_model.safetensors"
                )
            )
        }
        #expect(Set(weights).count == 3)
        let verified = try Program.run("deepmath-report", ["verify", run])
        #expect(verified.status == 0, "\(verified.output)")
    }
}
