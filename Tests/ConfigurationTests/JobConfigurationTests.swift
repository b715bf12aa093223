import Configuration
import Foundation
import Testing

private let minimal = """
    dataset:
      path: problems.jsonl
    model:
      path: models/qwen
    """

private func parsed(
    _ yaml: String,
    overrides: [String] = []
) throws -> JobConfiguration {
    try JobConfiguration.parse(yaml: yaml, name: "job.yaml", overrides: overrides)
}

/// The lines of the error that reading `yaml` ends in; empty when it ends in none.
private func faults(_ yaml: String, overrides: [String] = []) -> [String] {
    do {
        _ = try JobConfiguration.parse(yaml: yaml, name: "job.yaml", overrides: overrides)
        return []
    } catch {
        return error.faults.map(\.description)
    }
}

@Suite struct JobConfigurationTests {
    @Test func everyKeyButTwoHasADefault() throws {
        let configuration = try parsed(minimal)
        #expect(configuration.dataset.path == "problems.jsonl")
        #expect(configuration.model.path == "models/qwen")
        #expect(configuration.run == RunSection())
        #expect(configuration.engine == EngineSection())
        #expect(configuration.engine.concurrency == .fixed(64))
        #expect(configuration.sampling == SamplingSection())
        #expect(configuration.agent.stepLimit == 50)
        #expect(configuration.sandbox == SandboxSection())
        #expect(configuration.grading == GradingSection())
        #expect(configuration.gradingPython == ".venv/bin/python")
    }

    @Test func everySectionIsRead() throws {
        let configuration = try parsed(
            """
            run: { seed: 18446744073709551615, samples: 16, round_seconds: 2.5, shard_problems: 3 }
            dataset: { path: a b.jsonl, limit: 20, fields: { id: unique_id, answer: solution } }
            model: { path: 2024 }
            engine:
              python: python3
              attach: ["http://node7:8000", "unix:/run/vllm.sock"]
              arguments: [--dtype, float32]
              environment: { VLLM_CPU_KVCACHE_SPACE: 1, NAME: "x y" }
              concurrency: auto
              cpu_binding: auto
            sampling: { temperature: 0, top_p: 1, top_k: -1 }
            agent: { enabled: false, prompt: p.txt, system_prompt: "Be brief.", stop: [] }
            sandbox: { python: /usr/bin/python3, modules: [math], require: [landlock] }
            grading: { workers: 3, answer_seconds: 1.5, python: null }
            """
        )
        #expect(configuration.run.seed == UInt64.max)
        #expect(configuration.run.roundSeconds == 2.5)
        #expect(configuration.dataset.path == "a b.jsonl")
        #expect(configuration.dataset.fields.id == "unique_id")
        #expect(configuration.dataset.fields.problem == "problem")
        #expect(configuration.dataset.limit == 20)
        #expect(configuration.model.path == "2024")
        #expect(configuration.engine.attach == ["http://node7:8000", "unix:/run/vllm.sock"])
        #expect(configuration.engine.environment == ["VLLM_CPU_KVCACHE_SPACE": "1", "NAME": "x y"])
        #expect(configuration.engine.concurrency == .auto)
        #expect(configuration.sampling.temperature == 0)
        #expect(configuration.sampling.topK == -1)
        #expect(!configuration.agent.enabled)
        #expect(configuration.agent.systemPrompt == "Be brief.")
        #expect(configuration.sandboxPython == "/usr/bin/python3")
        #expect(configuration.gradingPython == "python3")
        #expect(configuration.grading.answerSeconds == 1.5)
    }

    @Test func overridesWinOverTheFileAndLaterOnesOverEarlier() throws {
        let configuration = try parsed(
            minimal + "\nrun: { samples: 2 }",
            overrides: [
                "run.samples=8", "run.samples=9", "engine.concurrency=auto",
                "agent.stop=[\"a\", \"b\"]", "dataset.fields.id=key", "engine.environment.A=1=2",
                "agent.system_prompt=a: b".replacing("a: b", with: "'a: b'"),
            ]
        )
        #expect(configuration.run.samples == 9)
        #expect(configuration.engine.concurrency == .auto)
        #expect(configuration.agent.stop == ["a", "b"])
        #expect(configuration.dataset.fields.id == "key")
        #expect(configuration.engine.environment == ["A": "1=2"])
        #expect(configuration.agent.systemPrompt == "a: b")
    }

    @Test func overridesAloneCanNameTheRequiredKeys() throws {
        let configuration = try parsed("", overrides: ["dataset.path=d", "model.path=m"])
        #expect(configuration.dataset.path == "d")
        #expect(configuration.model.path == "m")
    }

    @Test func theResolvedCopyReadsBackEqual() throws {
        var configuration = try parsed(minimal)
        configuration.agent.systemPrompt = "Ünïcode: \"quoted\"\nsecond line # no comment"
        configuration.agent.stop = ["```\n", "\\n", "yes", "12"]
        configuration.engine.environment = ["A": "1", "B": "true", "C": "null", "D": ""]
        configuration.engine.arguments = ["--dtype", "float32", "-1", "1e5", "a: b", "{x}"]
        configuration.engine.concurrency = .auto
        configuration.sampling.temperature = 0.1
        configuration.run.seed = .max
        configuration.dataset.limit = 3
        let text = try configuration.resolvedYAML()
        #expect(try parsed(text) == configuration)
        #expect(text.contains("round_seconds: 10\n"))
    }

    @Test func codingReadsBackEqual() throws {
        var configuration = try parsed(minimal)
        configuration.engine.concurrency = .auto
        configuration.run.samples = 7
        let bytes = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(JobConfiguration.self, from: bytes) == configuration)
        #expect(String(decoding: bytes, as: UTF8.self).contains("\"round_seconds\":10"))
    }
}

@Suite struct ConfigurationFaultTests {
    @Test func aMissingRequiredKeyIsNamed() {
        #expect(
            faults("dataset:\n  path: x\n") == [
                "job.yaml:1: model.path: missing, and it has no default; "
                    + "add it to the file or pass --set model.path=..."
            ]
        )
    }

    @Test func anUnknownKeyNamesLineAndNearestKey() {
        let lines = faults(minimal + "\nrun:\n  seed: 1\n  sampels: 3")
        #expect(
            lines == [#"job.yaml:7: run.sampels: unknown key; did you mean "samples"?"#]
        )
    }

    @Test func aKeyOfAnotherSectionIsFoundThere() {
        let lines = faults(minimal + "\nrun:\n  temperature: 1")
        #expect(
            lines == [
                #"job.yaml:6: run.temperature: unknown key; did you mean "sampling.temperature"?"#
            ]
        )
    }

    @Test func anUnknownSectionIsRefused() {
        #expect(
            faults(minimal + "\nengin:\n  python: x")
                == [#"job.yaml:5: engin: unknown section; did you mean "engine"?"#]
        )
        #expect(
            faults(minimal + "\nzzz: 1").first?.hasPrefix(
                "job.yaml:5: zzz: unknown section; known here: run, dataset, model,"
            ) == true
        )
    }

    @Test func aWrongTypeNamesWhatIsExpectedAndFound() {
        #expect(
            faults(minimal + "\nrun:\n  samples: many") == [
                "job.yaml:6: run.samples: expected a whole number, found many; "
                    + "write a whole number"
            ]
        )
        #expect(
            faults(minimal + "\nagent:\n  enabled: yes") == [
                "job.yaml:6: agent.enabled: expected true or false, found yes; "
                    + "write true or false"
            ]
        )
        #expect(
            faults(minimal + "\nagent:\n  stop: x").first?.contains("expected a list of text")
                == true
        )
        #expect(
            faults(minimal + "\nrun: 5").first?.contains("expected a section of keys, found 5")
                == true
        )
        #expect(
            faults("dataset: {path: [a]}\nmodel: {path: m}").first?.contains(
                "job.yaml:1: dataset.path: expected text, found a list"
            ) == true
        )
        #expect(
            faults(minimal + "\nrun:\n  seed: -1").first?.contains(
                "run.seed: expected a whole number from 0, found -1"
            ) == true
        )
        #expect(
            faults(minimal + "\nengine:\n  concurrency: 0").first?.contains(
                "expected auto or a whole number from 1 to 65536, found 0"
            ) == true
        )
        #expect(faults(minimal + "\nrun:\n  round_seconds: .inf").count == 1)
        #expect(faults(minimal + "\nrun:\n  round_seconds: nan").count == 1)
    }

    @Test func aValueOutOfRangeNamesTheRange() {
        #expect(
            faults(minimal + "\nsampling:\n  temperature: 2.5") == [
                "job.yaml:6: sampling.temperature: must be between 0 and 2, found 2.5; "
                    + "write a number, between 0 and 2"
            ]
        )
        #expect(faults(minimal + "\nsampling: {top_p: 0}").count == 1)
        #expect(faults(minimal + "\nsampling: {top_k: -2}").count == 1)
        #expect(faults(minimal + "\nrun: {samples: 0}").count == 1)
        #expect(faults(minimal + "\nengine: {attach: [node7]}").count == 1)
        #expect(
            faults("dataset: {path: p, limit: 0}\nmodel: {path: ''}").map { $0.prefix(24) }.count
                == 2
        )
    }

    @Test func everyFaultIsReportedAtOnce() {
        let lines = faults("dataset: {path: x}\nrun: {samples: x, sed: 1}\nagent: {stop: 3}")
        #expect(lines.count == 4)
    }

    @Test func contradictionsNameTheLine() {
        let lines = faults(minimal + "\nagent:\n  output_tokens: 10\n  turn_tokens: 11")
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("job.yaml:7: agent.turn_tokens: 11 in one turn") == true)
        #expect(
            faults(minimal, overrides: ["agent.output_tokens=10"]).first?.hasPrefix(
                "--set agent.output_tokens=10: agent.turn_tokens: 3000 in one turn"
            ) == true
        )
    }

    @Test func anAttachedServerIsGivenNoAdapter() throws {
        #expect(try parsed(minimal + "\nengine: {adapter: lora}").engine.adapter == "lora")
        let lines = faults(minimal + "\nengine: {attach: [\"unix:/s\"], adapter: lora}")
        #expect(lines.count == 1)
        #expect(lines.first?.contains("engine.adapter: the servers of engine.attach") == true)
        #expect(lines.first?.contains("--lora-modules") == true)
    }

    @Test func noMoreStopsThanTheServerTakes() {
        #expect(faults(minimal, overrides: ["agent.stop=[a, b, c, d]"]).isEmpty)
        let lines = faults(minimal, overrides: ["agent.stop=[a, b, c, d, e]"])
        #expect(lines.count == 1 && lines[0].contains("5 texts are more than the 4"))
    }

    @Test func anOverrideIsNamedAsItWasGiven() {
        #expect(
            faults(minimal, overrides: ["run.samples=x"]).first?.hasPrefix(
                "--set run.samples=x: run.samples: expected a whole number, found x"
            ) == true
        )
        #expect(
            faults(minimal, overrides: ["run.sample=3"]).first
                == #"--set run.sample=3: run.sample: unknown key; did you mean "samples"?"#
        )
        #expect(
            faults(minimal, overrides: ["samples=3"]).first?.contains(
                "expected section.key=value"
            ) == true
        )
        #expect(faults(minimal, overrides: ["run.samples="]).count == 1)
        #expect(faults(minimal, overrides: ["run.samples=[1"]).count == 1)
        #expect(faults(minimal, overrides: ["run.samples.deep=1"]).count == 1)
    }

    @Test func brokenYAMLNamesTheLine() {
        let lines = faults("dataset:\n  path: x\n bad: [")
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("job.yaml:3:") == true)
        let twice = faults("run:\n  seed: 1\n  seed: 2")
        #expect(twice.count == 1)
        #expect(twice.first?.contains("seed: written twice") == true)
        #expect(faults("run: {seed: 1}\n---\nrun: {seed: 2}").count == 1)
        #expect(faults("[1, 2]").first?.contains("expected a section of keys") == true)
    }

    @Test func anUnreadableFileIsNamed() throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("configuration-\(UInt64.random(in: .min ... .max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: directory) } catch {
                Issue.record(error)
            }
        }
        let absent = directory.appendingPathComponent("absent.yaml").path
        #expect {
            try JobConfiguration.load(path: absent)
        } throws: {
            "\($0)".hasPrefix("\(absent): cannot be read (no such file); pass --config")
        }
        let latin = directory.appendingPathComponent("latin.yaml")
        try Data([0x72, 0xfc, 0x6e]).write(to: latin)
        #expect {
            try JobConfiguration.load(path: latin.path)
        } throws: {
            "\($0)" == "\(latin.path): is not UTF-8 text; save it as UTF-8"
        }
        let good = directory.appendingPathComponent("good.yaml")
        try Data(minimal.utf8).write(to: good)
        #expect(try JobConfiguration.load(path: good.path).model.path == "models/qwen")
    }
}
