import Foundation
import Testing

/// The hand-over between program and trainer, and what faults do to it.
@Suite(.serialized) struct TrainingRunTests {
    /// The rows of an uninterrupted run of four steps, made once.
    private static let quietRows = Result {
        let run = try ScriptedTraining()
        let outcome = try run.start().finish()
        try #require(outcome.status == 0, "\(outcome.end)")
        return try run.rows()
    }

    @Test func everyStepIsSampledByThePolicyBeforeItAndWritten() throws {
        let run = try ScriptedTraining()
        let program = try run.start(rankCount: 2)
        let outcome = try program.finish()
        #expect(outcome.status == 0, "\(outcome.end)")
        #expect(outcome.output.contains("trained 4 steps"))
        #expect(outcome.errors.contains("step 4/4 | reward "))
        let progress = try String(
            contentsOfFile: run.directory + "/progress.json",
            encoding: .utf8
        )
        #expect(progress.contains(#""step" : 4,"#) && progress.contains(#""steps_in_all" : 4"#))
        let rows = try run.rows().map { $0.split(separator: " ").map(String.init) }
        #expect(rows.count == 4 * 16)
        for row in rows {
            let step = try #require(Int(row[0]))
            #expect(row[1] == "True")
            #expect(row[4] == "\(step - 1)")
            // 1.2 at step 1, 0.8 from step 3 on.
            #expect(Double(row[5]) == [1.2, 1.0, 0.8, 0.8][step - 1])
        }
        #expect(Set(rows.map { [$0[2], $0[3]] }).count == 64, "an attempt was made twice")
        // Placement does not matter.
        #expect(try run.rows() == Self.quietRows.get())
        let curve = try Program("deepmath-report", ["summary", run.directory]).finish()
        #expect(curve.status == 0)
        #expect(curve.output.contains("step by step"))
        #expect(curve.output.contains("0.12500"), "the trainer's loss of step 4")
        #expect(try program.survivors(after: 5).isEmpty)
        // A finished run starts nothing.
        let again = try run.start(rankCount: 0).finish()
        #expect(again.status == 0 && again.output.contains("trained 4 steps"))
    }

    @Test func aRunThatWasKilledGoesOnAtItsStep() throws {
        let run = try ScriptedTraining(firstTokenSeconds: 0.1)
        let first = try run.start()
        #expect(try run.hasWritten(step: 2))
        Thread.sleep(forTimeInterval: 0.15)
        kill(first.process.processIdentifier, SIGKILL)
        _ = try first.finish()
        #expect(try first.survivors(after: 20).isEmpty)
        let rest = try run.start(rankCount: 2).finish()
        #expect(rest.status == 0, "\(rest.end)")
        #expect(try run.rows() == Self.quietRows.get())
    }

    @Test func aGracefulStopKeepsTheAttemptsOfTheStep() throws {
        let run = try ScriptedTraining(firstTokenSeconds: 0.6)
        let first = try run.start(["run.drain_seconds=0.7"])
        #expect(try run.hasWritten(step: 1))
        Thread.sleep(forTimeInterval: 1.3)
        kill(first.process.processIdentifier, SIGUSR1)
        let stopped = try first.finish()
        #expect(stopped.status == 75, "\(stopped.end)")
        #expect(stopped.errors.contains("the same command goes on from there"))
        #expect(try first.survivors(after: 10).isEmpty)
        let rest = try run.start(["engine.concurrency=16"]).finish()
        #expect(rest.status == 0, "\(rest.end)")
        #expect(try run.rows() == Self.quietRows.get())
    }

    /// A script around it may end with 0 all the same.
    @Test(arguments: ["os.kill(os.getpid(), 9)", "sys.exit(0)"])
    func aTrainerThatDiesIsStartedAgain(death: String) throws {
        let fault = """
            if n == 2 and not os.path.exists(run + "/died"):
                    open(run + "/died", "w").close(); \(death)
            """
        let run = try ScriptedTraining(fault: fault)
        let outcome = try run.start().finish()
        #expect(outcome.status == 0, "\(outcome.end)")
        #expect(outcome.errors.contains("trainer starts again"))
        #expect(try run.rows() == Self.quietRows.get())
    }

    @Test func aTrainerThatCannotGoOnStopsTheJobWithItsWords() throws {
        let fault = """
            if n == 3:
                    json.dump({"status": 3, "message": "the loss of step 3 is nan"},
                              open(run + "/trainer/ended.json", "w")); sys.exit(3)
            """
        let run = try ScriptedTraining(fault: fault)
        let program = try run.start()
        let outcome = try program.finish()
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("the trainer stopped: the loss of step 3 is nan"))
        #expect(!outcome.errors.contains("trainer starts again"))
        #expect(FileManager.default.fileExists(atPath: run.directory + "/policy/000002"))
        #expect(!FileManager.default.fileExists(atPath: run.directory + "/policy/000003"))
        #expect(try program.survivors(after: 5).isEmpty)
    }

    @Test func generationMayBeOneUpdateAhead() throws {
        let run = try ScriptedTraining(training: ", max_staleness: 1")
        let outcome = try run.start().finish()
        #expect(outcome.status == 0, "\(outcome.end)")
        let versions = try run.rows().map { $0.split(separator: " ")[4] }
        #expect(versions.count == 64)
        #expect(
            Array(versions.enumerated().filter { $0.offset % 16 == 0 }.map(\.element))
                == ["0", "0", "1", "2"]
        )
    }

    @Test(arguments: [
        ("training.group_size=1", "training.group_size: must be between 2"),
        ("reward.tool_use=0 reward.length=0", "all weights are 0"),
        ("training.schedule_end=1", "1 is not after schedule_begin, 1"),
        ("sampling.top_p=0.9", "sampling.top_p: training samples from the whole distribution"),
        ("training.problems_per_step=11", "more than the 10 problems"),
        ("trainer.script=absent.py", "absent.py: trainer.script cannot be read"),
    ])
    func badInputIsOneLineAndStartsNothing(overrides: String, words: String) throws {
        let run = try ScriptedTraining()
        let outcome = try run.start(rankCount: 0, overrides.split(separator: " ").map(String.init))
            .finish()
        #expect(outcome.status == 2, "\(outcome.end)")
        #expect(outcome.errors.contains(words), "\(outcome.end)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.end)")
    }
}
