import Foundation
import TraceStore

/// Training in which engines and trainer take known times: what is left of a step is the program's.
enum TrainingExperiment: Experiment {
    static let name = "training"
    static let question = "What does a step cost besides generating and training?"

    /// Seconds that the stand-in trainer takes for an update.
    private static let trainingSeconds = 2.0

    static func figures(_ scale: Scale) throws -> [Figure] {
        let stepCount = scale == .quick ? 6 : 14
        let folder = try ScratchFolder.make()
        let strict = try Run(folder.path + "/strict", stepCount: stepCount, staleness: 0)
        let ahead = try Run(folder.path + "/ahead", stepCount: stepCount, staleness: 1)
        try ScratchFolder.remove(folder)
        let longest = max(ahead.generationSeconds, trainingSeconds)
        return [
            Figure(
                "step, next policy waited for",
                strict.stepSeconds,
                "s",
                against: "generating and training",
                strict.generationSeconds + trainingSeconds,
                .atMost(1.05)
            ),
            Figure(
                "outside generating and training",
                strict.stepSeconds - strict.generationSeconds - trainingSeconds,
                "s",
                against: "budget",
                1,
                .atMost(1)
            ),
            Figure(
                "step, generation one update ahead",
                ahead.stepSeconds,
                "s",
                against: "the longer of generating and training",
                longest,
                .atMost(1.15)
            ),
        ]
    }

    /// One training run with scripted engines on two workers.
    private struct Run {
        /// Mean time from one step's file to the next, the first two steps left out.
        let stepSeconds: Double
        /// Mean time of a step's attempts.
        let generationSeconds: Double

        init(_ directory: String, stepCount: Int, staleness: Int) throws {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true
            )
            let trainer = directory + "/trainer.py"
            try Data(Self.trainer.utf8).write(to: URL(filePath: trainer))
            let problems = (0..<40).map {
                #"{"id": "p\#($0)", "problem": "Count from \#($0).", "answer": "\#($0)"}"#
            }.joined(separator: "\n")
            try Data(problems.utf8).write(to: URL(filePath: directory + "/problems.jsonl"))
            let configuration = """
                dataset: {path: \(directory)/problems.jsonl}
                model: {path: configs/demo/model}
                engine:
                  python: \(Programs.path("scripted-engine"))
                  environment: {SCRIPTED_ENGINE: '{"reckons": true, "latency": {"firstTokenSeconds": 0.4,
                    "streamTokensPerSecond": 4000, "totalTokensPerSecond": 0, "placeCount": 64}}'}
                  concurrency: 64
                sampling: {top_p: 1, top_k: 0}
                agent: {prompt: configs/prompts/demo-agent.txt}
                sandbox: {python: .venv/bin/python}
                grading: {python: .venv/bin/python, workers: 1}
                training: {steps: \(stepCount), problems_per_step: 8, group_size: 4,
                  max_staleness: \(staleness)}
                trainer: {python: .venv/bin/python, script: \(trainer)}
                """
            let path = directory + "/config.yaml"
            try Data(configuration.utf8).write(to: URL(filePath: path))
            let run = directory + "/run"
            _ = try ProgramRun("deepmath", ["train", "--config", path, "--run", run], ranks: 3)
            let written = try (2...stepCount).map { number in
                let file = "\(run)/steps/\(String(format: "%06d", number)).h5"
                let date =
                    try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
                    as? Date
                return (date ?? .distantPast).timeIntervalSince1970
            }
            stepSeconds = (written[written.count - 1] - written[0]) / Double(written.count - 1)
            let points = try TrainingCurve(run: run).points.dropFirst(2)
            generationSeconds =
                points.map(\.generationSeconds).reduce(0, +) / Double(points.count)
        }

        /// Waits for each step and publishes an empty adapter after a fixed time.
        private static let trainer = """
            import json, os, sys, time
            settings = json.load(open(sys.argv[2]))
            for n in range(1, settings["steps"] + 1):
                while not os.path.exists(f"{settings['run']}/steps/{n:06d}.h5"):
                    time.sleep(0.01)
                time.sleep(\(trainingSeconds))
                path = f"{settings['run']}/policy/{n:06d}"
                os.makedirs(path + ".tmp")
                json.dump({"r": 8}, open(path + ".tmp/adapter_config.json", "w"))
                json.dump({}, open(path + ".tmp/metrics.json", "w"))
                os.rename(path + ".tmp", path)
            """
    }
}
