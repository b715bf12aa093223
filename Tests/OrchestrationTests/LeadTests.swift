import RolloutModel
import Testing

@testable import Orchestration

/// Tells nobody anything.
private struct Silence: Reporter {
    let nextReport = ContinuousClock.now + .seconds(3600)
    mutating func count(_ outcomes: [EpisodeOutcome]) {}
    mutating func settle(doneCount: Int) {}
    mutating func report(_ coordinator: Coordinator, end: ProgressFile.State?) {}
}

@Suite struct LeadTests {
    private let start = ContinuousClock.now

    /// Rank 0 of a run of two attempts and one worker, with ten minutes until nothing advances.
    private func lead(roundTime: Duration? = nil) -> Lead {
        Lead(
            coordinator: Coordinator(
                problemCount: 2,
                sampleCount: 1,
                done: [],
                workers: [Rank(1)]
            ),
            reporter: Silence(),
            roundTime: roundTime,
            stallTime: .seconds(600)
        )
    }

    private func drain(timeLeft: Duration? = nil) -> Drain {
        Drain(drainTime: .seconds(60), timeLeft: timeLeft, reserve: .zero, now: start)
    }

    /// The worker asks for an attempt, and makes it in 50 seconds.
    private func make(_ problem: Int, _ lead: inout Lead) throws {
        _ = try lead.handle(.request(freeSlots: 1), from: Rank(1))
        _ = try lead.handle(.outcomes([outcome(task(problem), seconds: 50)]), from: Rank(1))
    }

    private func outcome(_ task: EpisodeTask, seconds: Double) -> EpisodeOutcome {
        EpisodeOutcome(
            task: task,
            status: .completed,
            finish: .answer,
            outcome: .right,
            voteKey: "1",
            outputTokenCount: 1,
            toolCallCount: 0,
            wallSeconds: seconds
        )
    }

    private func task(_ problem: Int) -> EpisodeTask {
        EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(0))
    }

    @Test func nothingIsSaidWhileAttemptsGoOn() {
        var lead = lead()
        let beat = lead.heartbeat(drain: drain(), isGenerating: true, at: start + .seconds(10))
        #expect(beat == [])
    }

    @Test func aRunIsCompleteWithItsLastOutcome() throws {
        var lead = lead()
        try make(0, &lead)
        #expect(lead.heartbeat(drain: drain(), isGenerating: true, at: start) == [])
        try make(1, &lead)
        #expect(lead.heartbeat(drain: drain(), isGenerating: true, at: start) == .complete)
        // An update is waited for: its arrival, not the attempts, ends that.
        #expect(lead.heartbeat(drain: drain(), isGenerating: false, at: start) == [])
    }

    @Test func attemptsThatNobodyCanMakeAreStuck() throws {
        var lead = lead()
        _ = try lead.handle(.retired(unfinished: []), from: Rank(1))
        #expect(lead.heartbeat(drain: drain(), isGenerating: true, at: start) == .stuck)
    }

    @Test func aRoundIsWrittenWhenItsTimeHasCome() {
        var lead = lead(roundTime: .seconds(10))
        let early = lead.heartbeat(drain: drain(), isGenerating: true, at: start + .seconds(5))
        #expect(early == [])
        let due = lead.heartbeat(drain: drain(), isGenerating: true, at: start + .seconds(60))
        #expect(due == .writing)
    }

    @Test func withoutAnOutcomeForTooLongNothingAdvances() {
        var lead = lead()
        let late = lead.heartbeat(drain: drain(), isGenerating: true, at: start + .seconds(700))
        #expect(late == .stalled)
    }

    @Test func whatWouldNotEndInTimeIsHeldAndTheJobEndsWhenNobodyHoldsAnything() throws {
        var lead = lead()
        try make(0, &lead)
        _ = try lead.handle(.request(freeSlots: 1), from: Rank(1))
        let drain = drain(timeLeft: .seconds(100))
        let early = lead.heartbeat(drain: drain, isGenerating: true, at: start + .seconds(40))
        #expect(early == [])
        let held = lead.heartbeat(drain: drain, isGenerating: true, at: start + .seconds(60))
        #expect(held == .holding)
        _ = try lead.handle(.returned([task(1)]), from: Rank(1))
        let over = lead.heartbeat(drain: drain, isGenerating: true, at: start + .seconds(61))
        #expect(over == [.holding, .stopping])
    }

    @Test func anUpdateThatIsWaitedForMayEndInTime() throws {
        var lead = lead()
        for problem in 0...1 { try make(problem, &lead) }
        let beat = lead.heartbeat(
            drain: drain(timeLeft: .seconds(100)),
            isGenerating: false,
            at: start + .seconds(60)
        )
        #expect(beat == .holding)
    }
}
