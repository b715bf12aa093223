import Foundation
import Testing

/// A folder in which the commands of the documentation run as they are written.
///
/// It has the shipped configurations with small changes: scripted engines instead of vLLM, a stand-in
/// for the trainer, few problems, samples, steps and modules. Scripts are the shipped ones but for
/// tools/setup and tools/build, whose work is done before any test runs, and mpirun starts two ranks
/// however many are written.
struct StandIn {
    /// The folder.
    let folder: URL

    /// From a shipped configuration to one that costs little; arguments: from, to, engine, trainer.
    private static let change = #"""
        import pathlib, sys, yaml
        source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
        for path in source.rglob("*.yaml"):
            # Two cells of the suite tell as much as twenty.
            if path.parent.name == "suite" and path.stem not in ("agent-math500", "baseline-math500"):
                continue
            job = yaml.safe_load(path.read_text())
            python = ".venv/bin/python"
            adapter = job.get("engine", {}).get("adapter")
            job["engine"] = {"python": sys.argv[3], "concurrency": 4,
                             "environment": {"SCRIPTED_ENGINE": '{"reckons": true}'}}
            if adapter:
                job["engine"]["adapter"] = adapter.replace("000014", "000003")
            job["dataset"]["limit"] = 2
            job.setdefault("run", {}).update(samples=2, round_seconds=1)
            # One without numpy is ready at once.
            job["sandbox"] = {"python": "/usr/bin/python3", "modules": ["math", "random"]}
            job["grading"] = {"python": python, "workers": 1}
            if "training" in job:
                job["training"].update(steps=3, problems_per_step=2, group_size=2)
                job["trainer"].update(python=python, script=sys.argv[4])
            file = target / path.relative_to(source)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(yaml.safe_dump(job))
        """#

    /// Makes the folder.
    init() throws {
        folder = try Program.scratchFolder()
        let root = Program.root
        for name in ["configs", "tools", "bin", "benchmarks", "runs/suite", "adapters/deepmath-v1"]
        {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name),
                withIntermediateDirectories: true
            )
        }
        let trainer = folder.appending(path: "trainer.py")
        try write(ScriptedTraining.trainer("pass"), "trainer.py")
        let changed = try Program.python(
            Self.change,
            [
                root.appending(path: "configs").path, folder.appending(path: "configs").path,
                try Program.path(of: "scripted-engine"), trainer.path,
            ]
        )
        try #require(changed.status == 0)
        for name in ["demo", "prompts"] { try link("configs/" + name) }
        for name in ["demo", "environment.sh", "fetch-dataset"] { try link("tools/" + name) }
        try link(".venv")
        for (name, words) in [
            ("tools/setup", ""), ("tools/build", ""),
            ("bin/mpirun", #"shift 2; exec "$STAND_IN_MPIRUN" -n 2 "$@""#),
        ] {
            try write("#!/bin/sh\n" + words, name)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: folder.appending(path: name).path
            )
        }
        // What readers have of their own.
        try write(#"{"r": 8}"#, "adapters/deepmath-v1/adapter_config.json")
        try write(
            #"{"id": "a", "problem": "What is 1 + 1?", "answer": "2"}"#,
            "benchmarks/math500.jsonl"
        )
        try write("question,solution\nWhat is 1 + 1?,2\n", "my.csv")
        try write(
            #"{"id": "a", "gold": "1/2", "prediction": "\\boxed{0.5}"}"#,
            "answers.jsonl"
        )
        try write(#"{"id": "a", "code": "6 * 7"}"#, "snippets.jsonl")
        // Runs that are read before the page comes to making them.
        for name in ["a", "b", "suite/earlier"] {
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: "runs/" + name),
                withDestinationURL: folder.appending(path: "runs/demo")
            )
        }
    }

    /// Removes the folder.
    func remove() throws { try FileManager.default.removeItem(at: folder) }

    private func write(_ text: String, _ path: String) throws {
        try Data((text + "\n").utf8).write(to: folder.appending(path: path))
    }

    private func link(_ path: String) throws {
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: path),
            withDestinationURL: Program.root.appending(path: path)
        )
    }

    /// Runs words of shell in the folder, with the built programs on PATH.
    func run(_ words: String) throws -> Program.Outcome {
        let programs = URL(filePath: try Program.path(of: "deepmath")).deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // Tests run on threads that block signals, and children inherit that.
        process.arguments = [
            "--default-signal=INT,TERM,USR1,QUIT", "DEEPMATH_BIN=" + programs.path, "timeout",
            "600", "bash", "-euo", "pipefail", "-c",
            """
            export STAND_IN_MPIRUN=$(command -v mpirun) PATH="$PWD/bin:$PATH"
            source tools/environment.sh
            \(words)
            """,
        ]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (folder.appending(path: "out"), folder.appending(path: "err"))
        for file in [output, errors] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        let start = ContinuousClock.now
        try process.run()
        process.waitUntilExit()
        return Program.Outcome(
            status: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8),
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
    }
}
