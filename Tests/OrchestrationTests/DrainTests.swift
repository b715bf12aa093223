import Foundation
import RolloutModel
import Testing

@testable import Orchestration

@Suite struct DrainTests {
    private let start = ContinuousClock.now

    private func drain(timeLeft: Duration? = nil) -> Drain {
        Drain(drainTime: .seconds(60), timeLeft: timeLeft, reserve: .seconds(30), now: start)
    }

    @Test func withoutAnEndNothingIsEverDueOrTooLate() {
        let drain = drain()
        let later = start + .seconds(1_000_000)
        #expect(!drain.isDue(at: later))
        #expect(!drain.isOver(at: later))
        #expect(!drain.isTooLate(for: .seconds(1_000_000), at: later))
    }

    @Test func aKnownEndBeginsTheStopInTime() {
        let drain = drain(timeLeft: .seconds(600))
        #expect(!drain.isDue(at: start + .seconds(509)))
        #expect(drain.isDue(at: start + .seconds(510)))
        #expect(drain.nextChange == start + .seconds(510))
        #expect(drain.lastStart(for: .seconds(100)) == start + .seconds(470))
    }

    @Test func theStopEndsAfterItsTimeOrAtTheKnownEnd() {
        var bySignal = drain()
        bySignal.begin(at: start)
        #expect(!bySignal.isOver(at: start + .seconds(59)))
        #expect(bySignal.isOver(at: start + .seconds(60)))
        #expect(bySignal.nextChange == start + .seconds(60))
        var late = drain(timeLeft: .seconds(50))
        late.begin(at: start)
        #expect(late.isOver(at: start + .seconds(20)))
    }

    @Test func aSecondRequestDoesNotMoveTheEnd() {
        var drain = drain()
        drain.begin(at: start)
        drain.begin(at: start + .seconds(30))
        #expect(drain.isOver(at: start + .seconds(60)))
    }

    @Test func attemptsThatWouldBeCutOffAreTooLateEvenBeforeTheStop() {
        let drain = drain(timeLeft: .seconds(600))
        #expect(!drain.isTooLate(for: .seconds(100), at: start + .seconds(400)))
        #expect(drain.isTooLate(for: .seconds(200), at: start + .seconds(400)))
    }

    @Test func theExpectedDurationIsWhatNineOfTenKeepTo() {
        var durations = AttemptDurations()
        #expect(durations.expected == .zero)
        for seconds in 1...200 { durations.add([outcome(seconds: Double(seconds))]) }
        let expected = durations.expected / .seconds(1)
        #expect(expected > 165 && expected <= 181)
    }

    @Test func timeLeftIsSlurmsWithinItsJobOnly() {
        let variables = ["SLURM_JOB_ID": "7", "SLURM_JOB_END_TIME": "1000"]
        let now = Date(timeIntervalSince1970: 900)
        #expect(BatchSystem.timeLeft(environment: variables, now: now) == .seconds(100))
        #expect(
            BatchSystem.timeLeft(environment: ["SLURM_JOB_END_TIME": "1000"], now: now) == nil
        )
        let past = Date(timeIntervalSince1970: 1001)
        #expect(BatchSystem.timeLeft(environment: variables, now: past) == nil)
        #expect(BatchSystem.timeLeft(environment: [:], now: now) == nil)
        for end in ["inf", "-inf", "nan", "1e300", "9223372036854775807", "x"] {
            let never = ["SLURM_JOB_ID": "1", "SLURM_JOB_END_TIME": end]
            #expect(BatchSystem.timeLeft(environment: never, now: now) == nil, "\(end)")
        }
    }

    private func outcome(seconds: Double) -> EpisodeOutcome {
        EpisodeOutcome(
            task: EpisodeTask(problem: ProblemIndex(0), sample: SampleIndex(0)),
            status: .completed,
            finish: .answer,
            outcome: .right,
            voteKey: "",
            outputTokenCount: 1,
            toolCallCount: 0,
            wallSeconds: seconds
        )
    }
}
