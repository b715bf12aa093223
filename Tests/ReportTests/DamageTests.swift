import Foundation
import HDF5
import ParallelLaunch
import Testing

/// A run with two episodes whose numbers cannot be, read by every verb.
@Suite struct DamageTests {
    private func withDamagedRun(_ body: (String) throws -> Void) throws {
        try withRun { run in
            let file = try HDF5File(opening: run + "/traces.h5", access: .readWrite)
            let counts = try file.openDataset("/episodes/sampled_token_count")
            try counts.write([Int64.max, Int64.max], at: 8)
            try counts.close()
            let ends = try file.openDataset("/ranks/ended_at")
            try ends.write([Double.nan], at: 1)
            try ends.close()
            try file.close()
            try body(run)
        }
    }

    @Test(arguments: [
        ["summary"], ["summary", "--output", "json"], ["summary", "--by", "level"],
        ["summary", "--reference"], ["compare", "RUN"], ["export"], ["export", "--format", "csv"],
        ["html", "-o", "RUN/page.html"], ["show", "--problem", "problem-5", "--sample", "0"],
    ])
    func everyVerbShowsTheRestAndNamesTheDamage(arguments: [String]) throws {
        try withDamagedRun { run in
            let words =
                [arguments[0], run] + arguments.dropFirst().map { $0.replacing("RUN", with: run) }
            let outcome = try report(words)
            #expect(outcome.exitCode == 1, "\(words): \(outcome.output.suffix(500))")
            #expect(outcome.output.contains("episode 8: /episodes/sampled_token_count"))
            #expect(outcome.output.split(separator: "\n").count >= 3, "\(outcome.output)")
        }
    }

    @Test(.enabled(if: packagePython != nil, "no .venv at the package's root: run tools/setup"))
    func replayAndRegradeGoOnWithoutWhatIsDamaged() throws {
        try withDamagedRun { run in
            for verb in ["replay", "regrade"] {
                let outcome = try report(
                    [verb, run, "--jobs", "2", "--set", "engine.python=" + (packagePython ?? "")]
                )
                #expect(outcome.exitCode == 1, "\(outcome.output.suffix(500))")
                #expect(outcome.output.contains("episode 8: /episodes/sampled_token_count"))
                #expect(outcome.output.contains("episodes"))
            }
        }
    }

    @Test func verifyNamesEachDamagedRow() throws {
        try withDamagedRun { run in
            let outcome = try report(["verify", run])
            #expect(outcome.exitCode == 1)
            #expect(outcome.output.contains("episode 9: /episodes/sampled_token_count holds"))
            #expect(outcome.output.contains("row of /ranks 1: /ranks/ended_at holds nan"))
        }
    }

    /// Attributes of a thousand elements overwrote the stack of their reader.
    @Test(.enabled(if: packagePython != nil, "no .venv at the package's root: run tools/setup"))
    func attributesOfOtherShapesAreNamed() throws {
        let script = """
            import sys, h5py, numpy
            with h5py.File(sys.argv[1], "r+", locking=False) as file:
                target = file[sys.argv[2]]
                del target.attrs[sys.argv[3]]
                target.attrs[sys.argv[3]] = eval(sys.argv[4], {"numpy": numpy, "h5py": h5py})
            """
        let values = [
            "numpy.arange(5000)", "numpy.zeros((3, 3))",
            "numpy.array(['a'] * 900, h5py.string_dtype())",
            "numpy.array([b'x' * 50] * 90)", "h5py.Empty('<i8')", "numpy.zeros(4, '<i4,<f8')",
            "numpy.float16(2)",
        ]
        for value in values {
            for (object, name) in [
                ("/", "schema_version"), ("/", "format"), ("/", "program_version"),
                ("/episodes/reward", "crc32"),
            ] {
                try withRun { directory in
                    let path = directory + "/traces.h5"
                    let made = try run(
                        packagePython ?? "",
                        ["-c", script, path, object, name, value]
                    )
                    try #require(made.exitCode == 0, "\(made.output)")
                    let verb =
                        name == "crc32"
                        ? ["verify", path] : ["html", path, "-o", directory + "/p.html"]
                    let outcome = try report(verb)
                    #expect(
                        [1, 2].contains(outcome.exitCode),
                        "\(name) \(value): \(outcome.output)"
                    )
                    #expect(outcome.output.contains(path), "\(name) \(value): \(outcome.output)")
                }
            }
        }
    }
}
