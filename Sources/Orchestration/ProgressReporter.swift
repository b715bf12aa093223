import RolloutModel

/// Who is told where the job stands: rank 0 alone has one.
protocol Reporter {
    /// Adds what this job made.
    mutating func count(_ outcomes: [EpisodeOutcome])

    /// Says how many attempts there are at the end, some of which rank 0 has not heard of.
    mutating func settle(doneCount: Int)

    /// When ``report(_:end:)`` next has something to do.
    var nextReport: ContinuousClock.Instant { get }

    /// Tells it when it is time; `end` is the last call.
    mutating func report(_ coordinator: Coordinator, end: ProgressFile.State?)
}

/// Tells people and scripts where the run stands: rank 0 only.
///
/// On a terminal one line that changes; in a log a line often at first and then more rarely.
struct ProgressReporter: Reporter {
    private var progress: Progress
    private var samplesDone: [ProblemIndex: Int] = [:]
    private let sampleCount: Int
    private let file: ProgressFile
    private let begin = ContinuousClock.now
    private var nextLine: Double
    private var nextFile = 0.0

    private static let shortest = 2.0
    private static let longest = 60.0
    private static let terminalInterval = 0.5
    private static let longestFileInterval = 10.0

    /// Begins with what earlier jobs made, `done`, of `problemCount * sampleCount` attempts.
    init(problemCount: Int, sampleCount: Int, done: [EpisodeOutcome], file: ProgressFile) {
        self.sampleCount = sampleCount
        self.file = file
        progress = Progress(taskCount: problemCount * sampleCount, problemCount: problemCount)
        nextLine = Console.isTerminal ? Self.terminalInterval : Self.shortest
        add(done)
    }

    /// Adds what this job made.
    mutating func count(_ outcomes: [EpisodeOutcome]) {
        add(outcomes)
        progress.count(outcomes)
    }

    /// Says how many attempts there are at the end, some of which rank 0 has not heard of.
    mutating func settle(doneCount: Int) { progress.doneCount = doneCount }

    private mutating func add(_ outcomes: [EpisodeOutcome]) {
        progress.doneCount += outcomes.count
        for outcome in outcomes {
            if outcome.outcome == .right { progress.rightCount += 1 }
            samplesDone[outcome.task.problem, default: 0] += 1
            if samplesDone[outcome.task.problem] == sampleCount { progress.problemDoneCount += 1 }
        }
    }

    var nextReport: ContinuousClock.Instant { begin + .seconds(min(nextLine, nextFile)) }

    /// Shows a line and writes the file, each when it is time; `end` is the last call.
    mutating func report(_ coordinator: Coordinator, end: ProgressFile.State?) {
        let elapsed = (ContinuousClock.now - begin).seconds
        progress.elapsedSeconds = elapsed
        progress.heldCount = coordinator.heldCount
        progress.restartCount = coordinator.restartCount
        if elapsed >= nextFile || end != nil {
            nextFile = elapsed + min(max(elapsed / 10, Self.shortest), Self.longestFileInterval)
            file.write(progress, end ?? .running)
        }
        guard elapsed >= nextLine || end != nil else { return }
        if Console.isTerminal {
            nextLine = elapsed + Self.terminalInterval
            Console.transient(progress.line, isLast: end != nil)
        } else {
            nextLine = elapsed + min(max(elapsed / 10, Self.shortest), Self.longest)
            Console.progress(progress.line)
        }
    }
}
