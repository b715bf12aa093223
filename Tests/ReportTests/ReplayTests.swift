import Foundation
import ParallelLaunch
import RolloutModel
import Testing
import TraceStore

/// Snippets and answers of the example run once more, with the real sandbox and the real grader.
@Suite(
    .enabled(if: packagePython != nil, "no .venv at the package's root: run tools/setup"),
    .serialized
)
struct ReplayTests {
    /// What the commands need to know of this machine.
    private static let python = ["--set", "engine.python=" + (packagePython ?? ""), "--jobs", "2"]

    @Test func replayFindsExactlyTheSnippetsThatDiffer() throws {
        try withRun { run in
            let reader = try TraceReader(run: run)
            let calls = try (0..<reader.episodeCount).map {
                try reader.transcript(EpisodeRow($0)).toolCalls
            }
            // The example records for `print(n)` what Python says for every third n, and not else.
            let wrong = calls.joined().filter {
                $0.status != "ok" || $0.code != "print(\($0.output.dropLast()))"
            }
            let outcome = try report(["replay", run, "--output", "json"] + Self.python)
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
            )
            let drifts = try #require(object["drifts"] as? [[String: Any]])
            #expect(object["snippets"] as? Int == calls.joined().count)
            #expect(drifts.count == wrong.count)
            #expect(drifts.count < calls.joined().count)
            for drift in drifts {
                let code = try #require(drift["code"] as? String)
                #expect("print(\((drift["output"] as? String ?? "").dropLast()))" == code)
                #expect(drift["status"] as? String == "ok")
            }
            let now = try #require(object["versions"] as? [String: String])
            #expect(now["sympy"] != nil && now["python"]?.hasPrefix("3.") == true, "\(now)")
        }
    }

    @Test func replayTellsLibrariesThatChanged() throws {
        try withRun { run in
            let outcome = try report(["replay", run] + Self.python)
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            #expect(outcome.output.contains("exception then, ok now"))
            let numpy = try #require(
                outcome.output.split(separator: "\n").first { $0.hasPrefix("numpy") }
            )
            #expect(numpy.contains("0.9") && numpy.hasSuffix("differs"))
        }
    }

    /// The example's model never writes a box, so that every episode that can be graded is unparsed.
    @Test func regradeTellsEveryVerdictThatChanged() throws {
        try withRun { run in
            let reader = try TraceReader(run: run)
            let graded = try (0..<reader.episodeCount).map {
                try reader.transcript(EpisodeRow($0))
            }.filter { $0.finish != .failure }
            let outcome = try report(["regrade", run, "--output", "json"] + Self.python)
            #expect(outcome.exitCode == 0, "\(outcome.output)")
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
            )
            #expect(object["episodes"] as? Int == graded.count)
            let changes = try #require(object["changes"] as? [[String: Any]])
            #expect(changes.count == graded.count)
            #expect(changes.allSatisfy { $0["outcome"] as? String == "unparsed" })
            let recorded = RunStatistics(try reader.outcomes()).accuracy
            #expect(object["recorded_accuracy"] as? Double == recorded)
            #expect(try #require(object["accuracy"] as? Double) < recorded)
        }
    }

    @Test func aPythonThatIsMissingIsNamed() throws {
        try withRun { run in
            for command in ["replay", "regrade"] {
                let outcome = try report([command, run, "--set", "engine.python=/nowhere/python"])
                #expect(outcome.exitCode == 1)
                #expect(outcome.output.contains("/nowhere/python"), "\(outcome.output)")
            }
        }
    }
}
