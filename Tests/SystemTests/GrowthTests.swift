import Foundation
import Testing

/// A run that is taken up with more problems or more samples than it had.
@Suite(.serialized) struct GrowthTests {
    private static let problemCount = 10
    private static let sampleCount = 5
    private static let small = ["dataset.limit=6", "run.samples=2"]

    private func run(firstTokenSeconds: Double) throws -> ScriptedRun {
        try ScriptedRun(
            problemCount: Self.problemCount,
            sampleCount: Self.sampleCount,
            firstTokenSeconds: firstTokenSeconds,
            settings: ["drain_seconds: 0.1"]
        )
    }

    /// The table without the names of the run and its file.
    private func table(_ outcome: Program.Outcome) -> [Substring] {
        outcome.output.split(separator: "\n").filter { !$0.contains("/") }
    }

    @Test func aRunThatHasGrownEqualsOneThatWasAsLargeFromTheStart() throws {
        let whole = try run(firstTokenSeconds: 0.02)
        let quiet = try whole.start(rankCount: 2).finish()
        #expect(quiet.status == 0, "\(quiet.end)")
        let expected = try whole.rows()
        #expect(expected.count == Self.problemCount * Self.sampleCount)

        // Finished and packed; enlarged and cut off in the middle of attempts; enlarged once more.
        let grown = try run(firstTokenSeconds: 0.3)
        #expect(try grown.start(Self.small + ["engine.concurrency=12"]).finish().status == 0)
        #expect(try grown.rows().count == 12)
        let enlarged = try grown.start(rankCount: 2, ["run.samples=3"])
        let segments = grown.directory + "/segments"
        #expect(
            try enlarged.wait(upTo: 60) {
                guard FileManager.default.fileExists(atPath: segments) else { return false }
                // The first says what the run is; the second has attempts.
                return try FileManager.default.contentsOfDirectory(atPath: segments)
                    .count { $0.hasSuffix(".h5") } >= 2
            }
        )
        kill(enlarged.process.processIdentifier, SIGUSR1)
        let stopped = try enlarged.finish()
        #expect(stopped.status == 75, "\(stopped.end)")
        #expect(stopped.errors.contains("unfinished ones are kept"))
        let last = try grown.start(rankCount: 1).finish()
        #expect(last.status == 0, "\(last.end)")
        #expect(try grown.rows() == expected)
        #expect(table(last) == table(quiet))
        let checked = try Program.run("deepmath-report", ["verify", grown.directory])
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")

        try lessIsRefused(grown)
    }

    /// What asks for less than `run` has names what would be lost, and leaves all as it is.
    private func lessIsRefused(_ run: ScriptedRun) throws {
        let traces = run.directory + "/traces.h5"
        let kept = try [traces, run.directory + "/config.yaml"].map {
            try Data(contentsOf: URL(filePath: $0))
        }
        let refusals = [
            ("run.samples=2", "run.samples: 2 would leave out 30 stored attempts"),
            ("dataset.limit=9", #"from "p9" on would be left out, with 5 stored attempts"#),
        ]
        for (override, words) in refusals {
            let outcome = try run.start(rankCount: 2, [override]).finish()
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains(words), "\(outcome.end)")
        }
        let now = try [traces, run.directory + "/config.yaml"].map {
            try Data(contentsOf: URL(filePath: $0))
        }
        #expect(now == kept)
        #expect(!FileManager.default.fileExists(atPath: run.directory + "/lock"))
    }
}
