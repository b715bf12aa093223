import Foundation
import Testing

/// Several evaluations in one job, with scripted engines.
@Suite(.serialized) struct SuiteTests {
    private let folder: URL

    init() throws { folder = try Program.scratchFolder() }

    /// Writes a configuration called `name`; `adapter` adds a LoRA adapter to it, and `behaviour` to
    /// what the engine does.
    private func configuration(
        _ name: String,
        adapter: Bool = false,
        behaviour: String = ""
    ) throws -> String {
        let path = folder.appending(path: name + ".yaml").path
        let directory = folder.appending(path: "adapter").path
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true
        )
        try Data(#"{"r": 8}"#.utf8)
            .write(to: URL(filePath: directory + "/adapter_config.json"))
        try """
        run: {samples: 2, round_seconds: 1}
        dataset: {path: configs/demo/problems.jsonl, limit: 6}
        model: {path: configs/demo/model}
        agent: {prompt: configs/prompts/demo-agent.txt}
        grading: {python: .venv/bin/python, workers: 1}
        sandbox: {python: .venv/bin/python}
        engine:
          python: \(Program.path(of: "scripted-engine"))
          environment: {SCRIPTED_ENGINE: '{"reckons": true\(behaviour)}'}
          restarts: 0
        \(adapter ? "  adapter: \(directory)" : "")
        """.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func suite(_ configurations: [String], rankCount: Int = 3) throws -> Program {
        try Program(
            "deepmath",
            ["suite", "--run", folder.path + "/runs"] + configurations,
            rankCount: rankCount
        )
    }

    @Test func evaluationsOfOneModelShareItsEngines() throws {
        let program = try suite([
            configuration("plain"), configuration("tuned", adapter: true),
        ])
        let outcome = try program.finish()
        #expect(outcome.status == 0, "\(outcome.end)")
        #expect(try program.survivors(after: 5).isEmpty)
        let files = FileManager.default
        for name in ["plain", "tuned"] {
            let run = folder.path + "/runs/" + name
            #expect(files.fileExists(atPath: run + "/traces.h5"))
            #expect(outcome.output.contains("runs/" + name))
            // The second has no engine of its own.
            let log = run + "/ranks/0001/engine.log"
            #expect(files.fileExists(atPath: log) == (name == "plain"))
        }
        // Attempts of the second are sampled from the adapter: none failed for want of it.
        let failed = try Program.python(
            #"""
            import sys, h5py
            with h5py.File(sys.argv[1]) as f:
                e = f["episodes"]
                print(len(e["status"][()]), set(e["status"][()].tolist()))
            """#,
            [folder.path + "/runs/tuned/traces.h5"]
        )
        #expect(failed.output == "12 {0}\n", "\(failed.output)")
        // A second time there is nothing to do.
        let again = try suite([configuration("plain"), configuration("tuned", adapter: true)])
            .finish()
        #expect(again.status == 0 && again.seconds < 20)
    }

    @Test func anEngineThatOneEvaluationLostIsThereInTheNext() throws {
        let death = """
            , "startsPath": "\(folder.path)/starts", "firstFaults": \
            [{"fault": {"die": {}}, "path": "/v1/completions", "after": 4, "count": 1}]
            """
        let outcome = try suite([
            configuration("plain", behaviour: death),
            configuration("tuned", adapter: true, behaviour: death),
        ]).finish()
        #expect(outcome.status == 0, "\(outcome.end)")
        #expect(outcome.errors.contains("worker lost, work goes back"))
        let files = FileManager.default
        #expect(files.fileExists(atPath: folder.path + "/runs/tuned/traces.h5"))
        // Two at first, and one in place of that which died.
        #expect(files.fileExists(atPath: folder.path + "/starts.3"))
        #expect(!files.fileExists(atPath: folder.path + "/starts.4"))
    }

    @Test func whatIsWrongInOneIsToldBeforeAnyStarts() throws {
        let broken = folder.appending(path: "broken.yaml").path
        try "run: {sample: 1}".write(toFile: broken, atomically: true, encoding: .utf8)
        let outcome = try suite([configuration("plain"), broken], rankCount: 0).finish()
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("broken.yaml"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/runs/plain/segments"))
        let twice = try suite([configuration("plain"), configuration("plain")], rankCount: 0)
            .finish()
        #expect(twice.status != 0)
        #expect(twice.errors.contains("two configurations are called plain"))
    }

    @Test func anAdapterThatIsNoneIsNamed() throws {
        let path = try configuration("tuned", adapter: true)
        try FileManager.default.removeItem(atPath: folder.path + "/adapter/adapter_config.json")
        let outcome = try suite([path], rankCount: 0).finish()
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("engine.adapter is no LoRA adapter"))
    }
}
