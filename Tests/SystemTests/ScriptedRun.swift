import Foundation
import Testing

/// A run on three ranks whose engines are scripted: no model, real interpreters, graders and files.
///
/// The script needs its tool, and what it says depends on seeds and tool output alone, so the rows of
/// two runs are equal whatever became of their processes.
struct ScriptedRun {
    /// The run directory.
    let directory: String
    private let folder: URL
    private let configuration: String

    /// Writes a configuration for `problemCount` problems with `sampleCount` attempts each.
    ///
    /// - Parameters:
    ///   - problemCount: problems in the file.
    ///   - sampleCount: attempts at each.
    ///   - firstTokenSeconds: how long each model turn takes at least.
    ///   - tokensPerSecond: after that.
    ///   - firstServerCalls: completions after which the first server dies; nil: it stays.
    ///   - settings: lines of YAML more for `run:`.
    /// - Throws: when a file cannot be written.
    init(
        problemCount: Int,
        sampleCount: Int,
        firstTokenSeconds: Double,
        tokensPerSecond: Double = 400,
        firstServerCalls: Int? = nil,
        settings: [String] = []
    ) throws {
        folder = try Program.scratchFolder()
        directory = folder.appending(path: "run").path
        configuration = folder.appending(path: "config.yaml").path
        let problems = folder.appending(path: "problems.jsonl").path
        try (0..<problemCount).map {
            #"{"id": "p\#($0)", "problem": "Count from \#($0).", "answer": "\#($0)"}"#
        }.joined(separator: "\n").write(toFile: problems, atomically: true, encoding: .utf8)
        let death = firstServerCalls.map {
            #""startsPath": "\#(folder.path)/starts", "firstFaults": "#
                + #"[{"fault": {"die": {}}, "path": "/v1/completions", "after": \#($0), "count": 1}], "#
        }
        let behaviour =
            #"{"reckons": true, \#(death ?? "")"latency": {"firstTokenSeconds": \#(firstTokenSeconds), "#
            + #""streamTokensPerSecond": \#(tokensPerSecond), "totalTokensPerSecond": 0, "placeCount": 64}}"#
        try """
        run:
          samples: \(sampleCount)
          round_seconds: 0.5
        \(settings.map { "  " + $0 }.joined(separator: "\n"))
        dataset: {path: \(problems)}
        model: {path: configs/demo/model}
        engine:
          python: \(Program.path(of: "scripted-engine"))
          environment: {SCRIPTED_ENGINE: '\(behaviour)'}
          concurrency: 6
        sampling: {temperature: 1.0}
        agent: {prompt: configs/prompts/demo-agent.txt}
        sandbox: {python: .venv/bin/python}
        grading: {python: .venv/bin/python, workers: 1}
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    /// The ``rows()`` of a run that nothing disturbs.
    static func quietRows(
        problemCount: Int,
        sampleCount: Int,
        firstTokenSeconds: Double,
        rankCount: Int = 3
    ) throws -> [String] {
        let quiet = try ScriptedRun(
            problemCount: problemCount,
            sampleCount: sampleCount,
            firstTokenSeconds: firstTokenSeconds
        )
        #expect(try quiet.start(rankCount: rankCount).finish().status == 0)
        let rows = try quiet.rows()
        #expect(rows.count == problemCount * sampleCount)
        return rows
    }

    /// Starts the run, or goes on with it.
    func start(rankCount: Int = 3, _ overrides: [String] = []) throws -> Program {
        try Program("deepmath", arguments(overrides), rankCount: rankCount)
    }

    /// The command's arguments after its name.
    func arguments(_ overrides: [String] = []) -> [String] {
        ["eval", "--config", configuration, "--run", directory]
            + overrides.flatMap { ["--set", $0] }
    }

    /// Everything of each episode that placement, timing and interruptions must not change, one line
    /// an episode; from the packed file.
    func rows() throws -> [String] {
        let script = #"""
            import hashlib, sys, h5py
            with h5py.File(sys.argv[1]) as f:
                e, tokens = f["episodes"], {n: f["tokens"][n][()] for n in ("id", "log_probability", "loss_mask")}
                names = ["problem_index", "sample_index", "status", "finish", "outcome", "reward",
                         "turn_count", "tool_call_count", "token_first", "token_count"]
                for row in zip(*[e[name][()].tolist() for name in names]):
                    first, count = row[-2:]
                    digest = hashlib.sha256(b"".join(t[first:first + count].tobytes() for t in tokens.values()))
                    print(*row[:-2], count, digest.hexdigest())
            """#
        let dump = try Program.python(script, [directory + "/traces.h5"])
        #expect(dump.status == 0)
        return dump.output.split(separator: "\n").map(String.init)
    }
}
