private import Foundation
import RolloutModel
import TraceStore

/// What rank 0 has beyond the others: the coordinator, the clock's part in its decisions, the report.
struct Lead {
    private var coordinator: Coordinator
    private var reporter: any Reporter
    private var step: TrainingStep?
    private var durations = AttemptDurations()
    private let roundTime: Duration?
    private let stallTime: Duration
    private var lastWrite = ContinuousClock.now
    private var lastOutcome = ContinuousClock.now

    /// A lead that wants a write every `roundTime`, nil for none by the clock, and gives up after `stallTime` without an outcome.
    init(
        coordinator: Coordinator,
        reporter: any Reporter,
        roundTime: Duration?,
        stallTime: Duration
    ) {
        self.coordinator = coordinator
        self.reporter = reporter
        self.roundTime = roundTime
        self.stallTime = stallTime
    }

    /// Takes one message; the answers are to be sent.
    mutating func handle(
        _ message: WorkerMessage,
        from worker: Rank
    ) throws -> [Coordinator.Outgoing] {
        if case .outcomes(let outcomes) = message {
            lastOutcome = .now
            durations.add(outcomes)
            reporter.count(outcomes)
        }
        var grants = try coordinator.handle(message, from: worker)
        if coordinator.isComplete, let more = step?.replacements(coordinator.outcomes) {
            grants += coordinator.add(more.map { ($0.problem, $0.samples) })
        }
        return grants
    }

    /// Begins a step of training; the answers are to be sent.
    mutating func begin(_ step: TrainingStep) -> [Coordinator.Outgoing] {
        self.step = step
        rest()
        return coordinator.add(step.groups.map { ($0.problem, $0.samples) })
    }

    /// The step whose attempts all have their outcomes.
    mutating func takeStep() -> (step: TrainingStep, outcomes: [EpisodeOutcome]) {
        guard let ended = step.take() else { preconditionFailure("a step was begun") }
        return (ended, coordinator.takeOutcomes())
    }

    /// Time up to now is not held against the attempts: something else was waited for.
    mutating func rest() { lastOutcome = .now }

    /// When the clock next changes what ``heartbeat(drain:isGenerating:at:)`` says; some are over.
    func changes(drain: Drain) -> [ContinuousClock.Instant] {
        let byChoice = [
            roundTime.map { lastWrite + $0 }, drain.lastStart(for: durations.expected),
        ]
        return [lastOutcome + stallTime] + byChoice.compactMap(\.self)
    }

    /// What rank 0 brings to the next agreement.
    ///
    /// `isGenerating` says whether the attempts are what all wait for.
    mutating func heartbeat(
        drain: Drain,
        isGenerating: Bool,
        at now: ContinuousClock.Instant
    ) -> Heartbeat {
        var mine: Heartbeat = []
        if isGenerating, coordinator.isComplete { mine.insert(.complete) }
        if coordinator.isStuck { mine.insert(.stuck) }
        if let roundTime, now - lastWrite >= roundTime { mine.insert(.writing) }
        if now - lastOutcome >= stallTime { mine.insert(.stalled) }
        if drain.isTooLate(for: durations.expected, at: now) {
            coordinator.isHolding = true
            mine.insert(.holding)
            // Nobody has anything left that could end in time; an update that is waited for may.
            if isGenerating, coordinator.heldCount == 0 { mine.insert(.stopping) }
        }
        return mine
    }

    /// One line for a report.
    var report: String {
        "\(coordinator.heldCount) attempts are with \(coordinator.activeWorkers.count) workers, the "
            + "last outcome came \(Int((ContinuousClock.now - lastOutcome).seconds)) s ago"
    }

    /// When ``show()`` next has something to do.
    var nextShow: ContinuousClock.Instant { reporter.nextReport }

    /// Shows where the run stands.
    mutating func show() { reporter.report(coordinator, end: nil) }

    /// A round has been written.
    mutating func hasWritten() { lastWrite = .now }

    /// Adds rank 0's own episodes that ended while it stopped.
    mutating func count(late episodes: [Episode]) {
        reporter.count(episodes.map(EpisodeOutcome.init))
    }

    /// The run is complete: the last line of progress, and the table.
    mutating func finish(in directory: RunDirectory) {
        reporter.report(coordinator, end: .done)
        RunTable.printTable(of: coordinator.outcomes, in: directory)
    }

    /// Training is done: progress.json says so.
    mutating func finishTraining() { reporter.report(coordinator, end: .done) }

    /// The job ends before training does.
    mutating func endTraining(_ state: ProgressFile.State, _ reason: String) {
        reporter.report(coordinator, end: state)
        Console.error(reason)
    }

    /// The job ends before the run does.
    ///
    /// `madeCount` is what the ranks have written in this job: some of it ended after rank 0 last heard of
    /// them. `unfinished` are the attempts that any rank has a part of.
    mutating func end(
        _ state: ProgressFile.State,
        _ reason: String,
        madeCount: Int,
        unfinished: Set<EpisodeTask>,
        directory: String
    ) {
        let keptCount = coordinator.doneAtStart + madeCount
        reporter.settle(doneCount: keptCount)
        reporter.report(coordinator, end: state)
        // Others have made some of what a lost worker had begun.
        let leftCount = unfinished.subtracting(coordinator.outcomes.map(\.task)).count
        let left = leftCount > 0 ? " and \(leftCount) unfinished ones" : ""
        Console.error(
            "\(reason): \(keptCount) of \(coordinator.taskCount) episodes"
                + "\(left) are kept in \(directory); the same command goes on from there"
        )
    }
}
