import RolloutModel

/// Prints where the run stands, often at first and then more rarely: rank 0 only.
struct ProgressReporter {
    private let sampleCount: Int
    private let startCount: Int
    private let begin = ContinuousClock.now
    private var nextSeconds = Self.shortest
    private var sampledTokenCount = 0
    private var failureCount = 0

    private static let shortest = 2.0
    private static let longest = 60.0

    /// - Parameters:
    ///   - sampleCount: samples per problem.
    ///   - doneCount: attempts that an earlier job made.
    init(sampleCount: Int, doneCount: Int) {
        self.sampleCount = sampleCount
        startCount = doneCount
    }

    /// Adds what came in.
    mutating func count(_ outcomes: [EpisodeOutcome]) {
        for outcome in outcomes {
            sampledTokenCount += outcome.outputTokenCount
            if !RunStatistics.counts(outcome) { failureCount += 1 }
        }
    }

    /// Prints a line when it is time: after 2 s, and then at a tenth of the time gone by.
    mutating func report(_ coordinator: Coordinator, isLast: Bool = false) {
        let elapsed = (ContinuousClock.now - begin).seconds
        guard elapsed >= nextSeconds || isLast else { return }
        nextSeconds = elapsed + min(max(elapsed / 10, Self.shortest), Self.longest)
        let outcomes = coordinator.outcomes
        let perProblem = Dictionary(grouping: outcomes, by: \.task.problem).values
        Console.progress(
            Progress(
                doneCount: outcomes.count,
                taskCount: coordinator.taskCount,
                problemDoneCount: perProblem.count { $0.count == sampleCount },
                problemCount: coordinator.taskCount / max(sampleCount, 1),
                madeCount: outcomes.count - startCount,
                sampledTokenCount: sampledTokenCount,
                failureCount: failureCount,
                rightCount: outcomes.count { $0.outcome == .right },
                heldCount: coordinator.heldCount,
                elapsedSeconds: elapsed
            ).line
        )
    }
}
