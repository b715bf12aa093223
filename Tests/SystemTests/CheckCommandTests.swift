import Foundation
import Testing

@Suite(.serialized) struct CheckCommandTests {
    /// The lines of `deepmath check` on the demo's configuration.
    private func check(
        _ arguments: [String] = [],
        environment: [String: String] = [:]
    ) throws -> (status: Int32, lines: [String]) {
        let outcome = try Program.run(
            "deepmath",
            ["check", "--config", "configs/demo.yaml"] + arguments,
            environment: environment
        )
        return (outcome.status, outcome.output.split(separator: "\n").map(String.init))
    }

    @Test func theDemoPassesOnThisMachine() throws {
        let run = try Program.scratchFolder().appending(path: "not/yet/there").path
        let (status, lines) = try check(["--run", run])
        #expect(status == 0, "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("FAIL") })
        #expect(lines.contains { $0.hasPrefix("ok    dataset: ") && $0.contains("200 problems") })
        #expect(lines.contains { $0.hasPrefix("ok    MPI: Open MPI v") })
        #expect(lines.contains { $0.hasPrefix("ok    HDF5: 1.") && $0.hasSuffix("parallel") })
        #expect(lines.contains { $0.hasPrefix("ok    launcher: mpirun") })
        #expect(lines.contains { $0.hasPrefix("ok    engine: ") && $0.contains("vllm ") })
        #expect(lines.contains { $0.hasPrefix("ok    grader Python: ") })
        let sandbox = try #require(lines.first { $0.contains(" sandbox: ") })
        for lock in ["no_new_privs", "rlimits", "seccomp", "landlock", "pid_namespace", "cgroup"] {
            #expect(sandbox.contains(lock), "\(sandbox)")
        }
        #expect(!FileManager.default.fileExists(atPath: run))
    }

    @Test func everyFaultOfTheConfigurationIsALine() throws {
        let (status, lines) = try check(["--set", "run.sample=1", "--set", "sampling.top_p=7"])
        #expect(status == 1)
        #expect(lines.count == 2)
        #expect(lines.first?.contains(#"did you mean "samples"?"#) == true)
        #expect(lines.last?.contains("sampling.top_p: must be above 0 and at most 1") == true)
    }

    @Test func whatIsMissingIsNamedWithARemedy() throws {
        let folder = try Program.scratchFolder()
        let prompt = folder.appending(path: "prompt.txt")
        try Data("Solve it.".utf8).write(to: prompt)
        let (status, lines) = try check([
            "--set", "dataset.path=nowhere.jsonl", "--set", "model.path=\(folder.path)",
            "--set", "agent.prompt=\(prompt.path)", "--set", "engine.adapter=\(folder.path)",
            "--set", "grading.python=/usr/bin/python3", "--set", "sandbox.python=no-such-python",
        ])
        #expect(status == 1)
        let failures = lines.filter { $0.hasPrefix("FAIL") }
        for words in [
            "dataset: nowhere.jsonl: no such file; set dataset.path",
            "model: \(folder.path): no config.json in it; set model.path",
            "prompt: \(prompt.path): no {problem} in it; put it",
            "adapter: \(folder.path): no adapter_config.json in it; set engine.adapter",
            "grader Python: /usr/bin/python3 cannot import math_verify",
            "sandbox Python: no-such-python: no such program",
        ] {
            #expect(failures.contains { $0.contains(words) }, "\(words) in \(lines)")
        }
    }

    @Test func lockThatIsDemandedAndMissingFails() throws {
        let (status, lines) = try check(["--set", "sandbox.require=[moat]"])
        #expect(status == 1)
        #expect(
            lines.contains { $0.hasPrefix("FAIL  sandbox: sandbox.require: moat is not known") },
            "\(lines)"
        )
    }

    @Test func tooFewGPUsFail() throws {
        let (status, lines) = try check(
            ["--set", "engine.tensor_parallel=4"],
            environment: ["CUDA_VISIBLE_DEVICES": "0,1"]
        )
        #expect(status == 1)
        #expect(lines.contains { $0.hasPrefix("FAIL  GPUs: 2 (CUDA_VISIBLE_DEVICES=0,1)") })
    }

    @Test func aRunDirectoryOfAnotherConfigurationFails() throws {
        let run = try Program.scratchFolder()
        let kept = "dataset: {path: other.jsonl}\nmodel: {path: configs/demo/model}\n"
        try Data(kept.utf8).write(to: run.appending(path: "config.yaml"))
        let (status, lines) = try check(["--run", run.path])
        #expect(status == 1)
        #expect(
            lines.contains {
                $0.hasPrefix("FAIL  run directory: \(run.path) belongs to another configuration")
                    && $0.contains("sampling.temperature: 1 (there: 0.6)")
            },
            "\(lines)"
        )
    }
}
