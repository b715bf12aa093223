import Foundation
import Testing

/// Whole evaluations whose engines die for good: the scripted engine stands in for vLLM.
@Suite(.serialized) struct LostEngineTests {
    /// Problem, sample, status, finish and rank of every episode, from whatever the run has left.
    private static let rowsScript = #"""
        import glob, sys, h5py
        packed = glob.glob(sys.argv[1] + "/traces.h5")
        for path in packed or glob.glob(sys.argv[1] + "/segments/*.h5"):
            with h5py.File(path) as f:
                e = f["episodes"]
                def names(column):
                    kinds = {v: k for k, v in h5py.check_enum_dtype(e[column].dtype).items()}
                    return [kinds[v] for v in e[column][()]]
                for row in zip(e["problem_index"][()], e["sample_index"][()], names("status"),
                               names("finish"), e["rank"][()], e["retry_count"][()]):
                    print(*row)
        """#

    private static let factsScript = """
        import sys, h5py
        with h5py.File(sys.argv[1]) as f:
            for name, value in f.attrs.items():
                print(name, value.decode() if isinstance(value, bytes) else value)
        """

    /// A row of the traces.
    private struct Row {
        let key: String
        let status: String
        let finish: String
        let rank: String
        let retryCount: Int
    }

    @Test func theWorkOfALostEngineIsDoneByTheOthers() throws {
        let scratch = try Program.scratchFolder()
        // One of the two dies at its 30th answer; nothing that is started later comes up.
        let fault = #"{"fault":{"die":{}},"path":"/v1/completions","after":30,"count":1}"#
        let outcome = try ScriptedEvaluation.run(
            scratch,
            behaviour: """
                {"reply":"\\\\boxed{18}","startsPath":"\(scratch.path)/starts","startLimit":2,\
                "latency":\(Self.latency),"firstFaults":[\(fault)]}
                """,
            rankCount: 3,
            settings: ["engine.adapter=\(try adapter(in: scratch))"]
        )
        #expect(outcome.status == 0, "\(outcome.end)")
        #expect(outcome.errors.contains("worker lost, work goes back"))
        #expect(outcome.errors.contains("ending with status 3"))
        let rows = try rows(scratch)
        #expect(rows.count == 160 && Set(rows.map(\.key)).count == 160)
        #expect(rows.allSatisfy { $0.status == "completed" && $0.finish == "answer" })
        #expect(Set(rows.map(\.rank)) == ["1", "2"])
        // What a reader needs to know of the engine and its weights.
        let facts = try Program.python(Self.factsScript, [scratch.path + "/run/traces.h5"]).output
        for fact in [
            "engine_version scripted-1", "--max-lora-rank 8", "--lora-modules", "--uds",
            "log_probability_mode processed", "model_fingerprint", "model.safetensors",
            "adapter_fingerprint adapter_config.json 7 ",
        ] { #expect(facts.contains(fact), "\(fact): \(facts)") }
    }

    @Test func withNoWorkerLeftTheRunKeepsWhatItHasSaysWhyAndFails() throws {
        let scratch = try Program.scratchFolder()
        let fault = #"{"fault":{"die":{}},"path":"/v1/completions","after":30,"count":1}"#
        let failed = try ScriptedEvaluation.run(
            scratch,
            behaviour: """
                {"reply":"\\\\boxed{18}","latency":\(Self.latency),"faults":[\(fault)]}
                """,
            rankCount: 3
        )
        #expect(failed.status != 0)
        #expect(failed.errors.contains("no worker is left"), "\(failed.end)")
        #expect(failed.errors.contains("1 restarts did not help"))
        let kept = try rows(scratch)
        // Each engine answers its probe and 29 calls, dies, and does so once more after a restart.
        #expect(kept.count > 50 && kept.count <= 4 * 29)
        #expect(failed.errors.contains("\(kept.count) of 160 episodes"))
        #expect(kept.allSatisfy { $0.status == "completed" })
        let progress = try String(
            contentsOfFile: scratch.path + "/run/progress.json",
            encoding: .utf8
        )
        #expect(progress.contains(#""engine_restarts" : 2,"#), "\(progress)")

        let rest = try ScriptedEvaluation.run(
            scratch,
            behaviour: #"{"reply":"\\boxed{18}"}"#,
            rankCount: 2
        )
        #expect(rest.status == 0, "\(rest.end)")
        let rows = try rows(scratch)
        #expect(rows.count == 160 && Set(rows.map(\.key)).count == 160)
    }

    @Test func brokenAnswersAreRowsThatSaySo() throws {
        let scratch = try Program.scratchFolder()
        let fault = """
            {"fault":{"fewerLogProbabilities":{}},"path":"/v1/completions","after":1,"count":100000}
            """
        let outcome = try ScriptedEvaluation.run(
            scratch,
            behaviour: #"{"reply":"\\boxed{18}","faults":[\#(fault)]}"#,
            rankCount: 2,
            settings: ["dataset.limit=4"]
        )
        #expect(outcome.status == 0, "\(outcome.end)")
        let rows = try rows(scratch)
        #expect(rows.count == 16)
        #expect(rows.allSatisfy { $0.status == "inference" && $0.finish == "failure" })
        #expect(rows.allSatisfy { $0.retryCount == 3 })
        let shown = try Program.run(
            "deepmath-report",
            ["show", scratch.path + "/run", "--problem", "demo-power-mod-001", "--sample", "0"]
        )
        #expect(shown.output.contains("ids and"), "\(shown.output)\(shown.errors)")
    }

    /// Fifty answers a second and stream.
    private static let latency = """
        {"firstTokenSeconds":0.02,"streamTokensPerSecond":1000,"totalTokensPerSecond":0,\
        "placeCount":64}
        """

    /// What is looked at of an adapter before an engine is started.
    private func adapter(in scratch: URL) throws -> String {
        let folder = scratch.appending(path: "adapter")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        try Data(#"{"r":8}"#.utf8).write(to: folder.appending(path: "adapter_config.json"))
        return folder.path
    }

    private func rows(_ scratch: URL) throws -> [Row] {
        let dump = try Program.python(Self.rowsScript, [scratch.path + "/run"])
        #expect(dump.status == 0)
        return try dump.output.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            return Row(
                key: words[0] + " " + words[1],
                status: words[2],
                finish: words[3],
                rank: words[4],
                retryCount: try #require(Int(words[5]))
            )
        }
    }
}
