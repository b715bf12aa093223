private import Foundation
import RolloutModel

/// Tells people and scripts where training stands.
///
/// A line for each step, and on a terminal one that changes while a step is made. Rank 0 only, whose
/// loop and lead share one.
final class TrainingReporter: Reporter {
    private let stepCount: Int
    private let firstStep: Int
    private let file: ProgressFile
    private let begin = ContinuousClock.now
    private var progress = Progress()
    private var step: Int
    private var nextLine = 0.0
    private var nextFile = 0.0

    private static let terminalInterval = 0.5
    private static let fileInterval = 5.0

    /// Begins at step `firstStep` of `stepCount`.
    init(firstStep: Int, stepCount: Int, file: ProgressFile) {
        self.stepCount = stepCount
        self.firstStep = firstStep
        self.file = file
        step = firstStep
    }

    func count(_ outcomes: [EpisodeOutcome]) { progress.count(outcomes) }

    func settle(doneCount: Int) { progress.doneCount = doneCount }

    var nextReport: ContinuousClock.Instant {
        begin + .seconds(Console.isTerminal ? min(nextLine, nextFile) : nextFile)
    }

    func report(_ coordinator: Coordinator, end: ProgressFile.State?) {
        let elapsed = (ContinuousClock.now - begin).seconds
        progress.elapsedSeconds = elapsed
        progress.heldCount = coordinator.heldCount
        progress.restartCount = coordinator.restartCount
        if elapsed >= nextFile || end != nil {
            nextFile = elapsed + Self.fileInterval
            file.write(progress, end ?? .running, step: step, of: stepCount)
        }
        guard Console.isTerminal, elapsed >= nextLine else { return }
        nextLine = elapsed + Self.terminalInterval
        Console.transient(
            "step \(step)/\(stepCount) | episodes \(coordinator.outcomes.count)/"
                + "\(coordinator.taskCount) | in flight \(coordinator.heldCount)",
            isLast: false
        )
    }

    /// Says what came of one step.
    func tell(_ number: Int, _ facts: StepFacts) {
        step = min(number + 1, stepCount)
        let perStep = (ContinuousClock.now - begin).seconds / Double(number - firstStep + 1)
        Console.progress(
            facts.line(number, of: stepCount)
                + (number < stepCount
                    ? " | ETA \(Progress.clock(perStep * Double(stepCount - number)))" : "")
        )
    }
}

/// A step's numbers with its conditions and times.
struct StepFacts: Sendable {
    /// What the attempts gave.
    let summary: StepSummary
    /// Sampling temperature.
    let temperature: Double
    /// The update that sampled it.
    let policyVersion: Int
    /// From the first attempt handed out to the last outcome, seconds.
    var generationSeconds = 0.0
    /// From the step's file to the adapter, seconds.
    var trainingSeconds = 0.0
    /// Loading the adapter into every engine, seconds.
    var swapSeconds = 0.0
    /// Advantages and the step's file, seconds.
    var writingSeconds = 0.0

    /// One line for a log.
    func line(_ number: Int, of count: Int) -> String {
        func rounded(_ value: Double, _ digits: Int) -> String {
            String(format: "%.\(digits)f", value)
        }
        func percent(_ share: Double) -> String { rounded(100 * share, 1) + " %" }
        var parts = [
            "step \(number)/\(count)",
            "reward \(rounded(summary.rewardMean, 3)) +- \(rounded(summary.rewardDeviation, 3))",
            "accuracy \(percent(summary.accuracy))",
            "tool use \(percent(summary.toolUse))",
            "length \(rounded(summary.meanOutputTokens, 1))",
            "equal groups \(percent(summary.flatGroupShare))",
            "T \(rounded(temperature, 2))",
            "policy \(policyVersion)",
        ]
        if summary.failureCount > 0 { parts.append("failed \(summary.failureCount)") }
        parts.append(
            "generating \(rounded(generationSeconds, 1)) s, training "
                + "\(rounded(trainingSeconds, 1)) s, swapping \(rounded(swapSeconds, 2)) s, "
                + "writing \(rounded(writingSeconds, 2)) s"
        )
        return parts.joined(separator: " | ")
    }
}
