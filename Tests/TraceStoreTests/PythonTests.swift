import Foundation
import ParallelLaunch
import RolloutModel
import Testing

@testable import TraceStore

/// What Python users are told to write, run as they would run it.
@Suite(
    .enabled(
        if: Python.path != nil,
        "no Python with h5py and pandas: set DEEPMATH_PYTHON, or make .venv at the package's root"
    )
)
struct PythonTests {
    @Test func theExampleOfTheReadmeComputesTheAccuracy() throws {
        try withExample { run in
            let readme = try String(
                contentsOf: Python.root.appending(path: "README.md"),
                encoding: .utf8
            )
            let block = try #require(
                Self.pythonBlocks(readme).first { $0.contains("runs/demo/traces.h5") }
            )
            let output = try Self.run(
                block.replacing("runs/demo/traces.h5", with: run + "/traces.h5"),
                []
            )
            let accuracy = RunStatistics(try TraceReader(run: run).outcomes()).accuracy
            let printed = try #require(Double(output.trimmingCharacters(in: .newlines)))
            #expect(abs(printed - accuracy) < 1e-12)
        }
    }

    @Test func theExampleOfTheSchemaPrintsALastEpisode() throws {
        try withExample { run in
            let block = Self.pythonBlocks(TraceSchema.markdown)[0]
            let reader = try TraceReader(run: run)
            let episode = try reader.episode(EpisodeRow(reader.episodeCount - 1)).episode
            let problem = try reader.problems()[episode.task.problem.value]
            let trajectory = episode.trajectory
            let expected =
                [problem.statement]
                + trajectory.turns.map { "[\($0.role.rawValue)] \($0.text)" } + [
                    "\(trajectory.ids.count) tokens, \(episode.outputTokenCount) of them sampled"
                ]
            #expect(
                try Self.run(block, [run + "/traces.h5"])
                    == expected.map { $0 + "\n" }.joined()
            )
        }
    }

    @Test func theExampleWithPandasAveragesEveryProblem() throws {
        try withExample { run in
            let block = Self.pythonBlocks(TraceSchema.markdown)[1]
            let lines = try Self.run(block, [run + "/traces.h5"]).split(separator: "\n")
            #expect(lines.count == 24)
        }
    }

    @Test func everyDatasetHasUnitDescriptionAndChecksumInPython() throws {
        try withExample { run in
            let script = """
                import sys, zlib, h5py
                def look(name, item):
                    if not isinstance(item, h5py.Dataset):
                        return
                    if not all(w in item.attrs for w in ("unit", "description")):
                        print(name)
                    if item.attrs["crc32"] != zlib.crc32(item[...].tobytes()):
                        print(name, "is not what was written")
                with h5py.File(sys.argv[1]) as traces:
                    traces.visititems(look)
                    print(h5py.check_enum_dtype(traces["episodes/status"].dtype))
                """
            let output = try Self.run(script, [run + "/traces.h5"])
            #expect(
                output
                    == "{'completed': 0, 'inference': 1, 'sandbox': 2, 'grading': 3, 'unfinished': 4}\n"
            )
        }
    }

    @Test func filesOfVersion1AreVerifiedByTheirOwnChecksums() throws {
        try withExample { run in
            // What version 1 had in place of `crc32`, from its description alone.
            let script = """
                import sys, h5py, numpy as np
                np.seterr(over="ignore")
                def digest(values):
                    words = {1: np.uint8, 4: np.uint32, 8: np.uint64}
                    bits = values.view(words[values.dtype.itemsize]).astype(np.uint64)
                    place = np.arange(1, len(bits) + 1, dtype=np.uint64)
                    z = (bits ^ np.uint64(0x6A09E667F3BCC908)) + place * np.uint64(0x9E3779B97F4A7C15)
                    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
                    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
                    return np.bitwise_xor.reduce(z ^ (z >> np.uint64(31))).astype(np.int64)
                def turn_back(name, item):
                    if isinstance(item, h5py.Dataset):
                        del item.attrs["crc32"]
                        item.attrs["digest"] = digest(item[...])
                with h5py.File(sys.argv[1], "r+") as traces:
                    traces.visititems(turn_back)
                    traces.attrs["schema_version"] = 1
                """
            _ = try Self.run(script, [run + "/traces.h5"])
            #expect(try TraceVerification(run: run).findings.isEmpty)
            #expect(try TraceReader(run: run).episodeCount > 0)
            let change = "import sys, h5py; h5py.File(sys.argv[1], 'r+')['tokens/id'][7] += 1"
            _ = try Self.run(change, [run + "/traces.h5"])
            #expect(
                try TraceVerification(run: run).findings.map(\.reason)
                    == ["/tokens/id does not have the content that it was written with"]
            )
        }
    }

    /// The contents of the fenced blocks of Python in a Markdown text.
    private static func pythonBlocks(_ markdown: String) -> [String] {
        markdown.components(separatedBy: "```python\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
    }

    private static func run(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: try #require(Python.path))
        process.arguments = ["-c", script] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let output = String(decoding: data, as: UTF8.self)
        #expect(process.terminationStatus == 0, "\(output)")
        return output
    }

    private func withExample(_ body: (String) throws -> Void) throws {
        try withDirectory { directory in
            try makeExample(in: directory, rankCount: 2, ending: "pack")
            try body(directory)
        }
    }
}

/// The interpreter for these tests.
enum Python {
    /// What `DEEPMATH_PYTHON` names, else the package's own environment; nil without either.
    static var path: String? {
        let environment = ProcessInfo.processInfo.environment["DEEPMATH_PYTHON"]
        let candidates = [environment ?? "", root.appending(path: ".venv/bin/python").path]
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The package's root.
    static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }
}
