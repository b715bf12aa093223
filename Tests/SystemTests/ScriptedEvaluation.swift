import Foundation
import Testing

/// Evaluations in which the scripted engine stands in for vLLM.
enum ScriptedEvaluation {
    /// Forty problems four times, with a scripted engine of `behaviour` for each worker.
    static func run(
        _ scratch: URL,
        behaviour: String,
        rankCount: Int,
        settings: [String] = []
    ) throws -> Program.Outcome {
        let engine = try Program.path(of: "scripted-engine")
        let config = """
            dataset: {path: configs/demo/problems.jsonl, limit: 40}
            model: {path: configs/demo/model}
            agent: {prompt: configs/prompts/demo-agent.txt}
            run: {samples: 4, round_seconds: 1}
            grading: {python: .venv/bin/python}
            sandbox: {python: .venv/bin/python}
            engine:
              python: \(engine)
              concurrency: 4
              restarts: 1
              environment:
                SCRIPTED_ENGINE: '\(behaviour)'

            """
        let file = scratch.appending(path: "config.yaml")
        try Data(config.utf8).write(to: file)
        let program = try Program(
            "deepmath",
            ["eval", "--config", file.path, "--run", scratch.path + "/run"]
                + settings.flatMap { ["--set", $0] },
            rankCount: rankCount
        )
        let outcome = try program.finish()
        #expect(try program.survivors(after: 5).isEmpty)
        return outcome
    }
}
