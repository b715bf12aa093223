import Foundation
import Testing

/// Training on three ranks whose engines are scripted and whose trainer only keeps the hand-over.
///
/// No model is trained: the stand-in waits for each step's file and publishes an empty adapter. What
/// the program does with steps, policies and faults is real.
struct ScriptedTraining {
    /// The run directory.
    let directory: String
    /// The configuration's path.
    let configuration: String
    private let folder: URL

    /// The stand-in: `fault` is Python run before the policy of step `n` is published.
    static func trainer(_ fault: String) -> String {
        """
        import json, os, sys, time
        settings = json.load(open(sys.argv[2]))
        run, steps = settings["run"], settings["steps"]
        for n in range(1, steps + 1):
            path = f"{run}/policy/{n:06d}"
            if os.path.exists(path):
                continue
            while not os.path.exists(f"{run}/steps/{n:06d}.h5"):
                time.sleep(0.01)
            \(fault)
            os.makedirs(path + ".tmp", exist_ok=True)
            json.dump({"r": 8}, open(path + ".tmp/adapter_config.json", "w"))
            json.dump({"loss": 0.5 / n}, open(path + ".tmp/metrics.json", "w"))
            os.rename(path + ".tmp", path)
        """
    }

    /// Writes a configuration of `stepCount` steps with 4 groups of 4 from 10 problems.
    init(
        stepCount: Int = 4,
        firstTokenSeconds: Double = 0,
        training: String = "",
        fault: String = "pass"
    ) throws {
        folder = try Program.scratchFolder()
        directory = folder.appending(path: "run").path
        configuration = folder.appending(path: "config.yaml").path
        let problems = folder.appending(path: "problems.jsonl").path
        let trainer = folder.appending(path: "trainer.py").path
        try Self.trainer(fault).write(toFile: trainer, atomically: true, encoding: .utf8)
        try (0..<10).map {
            #"{"id": "p\#($0)", "problem": "Count from \#($0).", "answer": "\#($0)"}"#
        }.joined(separator: "\n").write(toFile: problems, atomically: true, encoding: .utf8)
        let behaviour =
            #"{"reckons": true, "latency": {"firstTokenSeconds": \#(firstTokenSeconds), "#
            + #""streamTokensPerSecond": 4000, "totalTokensPerSecond": 0, "placeCount": 64}}"#
        try """
        dataset: {path: \(problems)}
        model: {path: configs/demo/model}
        engine:
          python: \(Program.path(of: "scripted-engine"))
          environment: {SCRIPTED_ENGINE: '\(behaviour)'}
          concurrency: 6
        sampling: {top_p: 1, top_k: 0}
        agent: {prompt: configs/prompts/demo-agent.txt}
        sandbox: {python: .venv/bin/python}
        grading: {python: .venv/bin/python, workers: 1}
        training: {steps: \(stepCount), problems_per_step: 4, group_size: 4, temperature_start: 1.2,
          temperature_end: 0.8, schedule_begin: 1, schedule_end: 3\(training)}
        # The script's answers are wrong and all use the tool: the length tells them apart.
        reward: {accuracy: 0, tool_use: 0.5, length: 1, soft_zone_tokens: 20000}
        trainer: {python: .venv/bin/python, script: \(trainer)}
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    /// Starts training, or goes on with it.
    func start(rankCount: Int = 3, _ overrides: [String] = []) throws -> Program {
        try Program(
            "deepmath",
            ["train", "--config", configuration, "--run", directory]
                + overrides.flatMap { ["--set", $0] },
            rankCount: rankCount
        )
    }

    /// Whether step `number` is written, waited for.
    func hasWritten(step number: Int) throws -> Bool {
        let path = directory + "/steps/00000\(number).h5"
        let deadline = Date.now + 120
        while !FileManager.default.fileExists(atPath: path) {
            guard Date.now < deadline else { return false }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return true
    }

    /// All that placement, timing and interruptions must not change, one line an episode.
    ///
    /// The advantages are computed again here, from the rewards, by the published formula.
    func rows() throws -> [String] {
        let script = #"""
            import glob, hashlib, statistics, sys, h5py
            for path in sorted(glob.glob(sys.argv[1] + "/steps/*.h5")):
                with h5py.File(path) as f:
                    e = f["episodes"]
                    tokens = {n: f["tokens"][n][()] for n in ("id", "log_probability", "loss_mask")}
                    names = ["problem_index", "sample_index", "policy_version", "temperature", "status",
                             "outcome", "reward", "advantage", "token_first", "token_count"]
                    rows = sorted(zip(*[e[n][()].tolist() for n in names]))
                    step = f.attrs["step"]
                    trained = f.attrs["trained_problems"].split()
                    groups = {}
                    for row in rows:
                        groups.setdefault(row[0], []).append(row)
                    for problem, group in groups.items():
                        rewards = [row[6] for row in group]
                        for row in group:
                            spread = statistics.stdev(rewards)
                            expected = (row[6] - statistics.fmean(rewards)) / (spread + 1e-4) if spread else 0
                            assert abs(expected - row[7]) < 1e-9, (path, row)
                    for row in rows:
                        first, count = row[-2:]
                        digest = hashlib.sha256(b"".join(t[first:first + count].tobytes() for t in tokens.values()))
                        print(step, str(row[0]) in trained, *row[:-2], count, digest.hexdigest())
            """#
        let dump = try Program.python(script, [directory])
        #expect(dump.status == 0, "\(dump.end)")
        return dump.output.split(separator: "\n").map(String.init)
    }
}
