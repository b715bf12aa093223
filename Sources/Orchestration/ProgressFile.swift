import Configuration
private import Foundation

/// `RUN/progress.json`: where the run stands, for scripts.
///
/// It is replaced as a whole, never half written.
struct ProgressFile {
    /// What a job is about.
    enum State: String, Encodable {
        case running, done, interrupted, failed
    }

    private struct Content: Encodable {
        let state: State
        let step: Int?
        let stepsInAll: Int?
        let episodesDone: Int
        let episodesInAll: Int
        let problemsDone: Int
        let problemsInAll: Int
        let episodesMadeByThisJob: Int
        let inFlight: Int
        let right: Int
        let failures: [String: Int]
        let engineRestarts: Int
        let sampledTokens: Int
        let toolCalls: Int
        let elapsedSeconds: Double
        let secondsLeft: Double?
        let updatedAt: String
    }

    /// The file's path.
    let path: String

    /// Writes the present state.
    ///
    /// A file that cannot be written is told once a time and harms nothing: the traces are the result.
    ///
    /// `step` of `stepCount` is where training stands.
    func write(
        _ progress: Progress,
        _ state: State,
        step: Int? = nil,
        of stepCount: Int? = nil
    ) {
        let content = Content(
            state: state,
            step: step,
            stepsInAll: stepCount,
            episodesDone: progress.doneCount,
            episodesInAll: progress.taskCount,
            problemsDone: progress.problemDoneCount,
            problemsInAll: progress.problemCount,
            episodesMadeByThisJob: progress.madeCount,
            inFlight: progress.heldCount,
            right: progress.rightCount,
            failures: progress.failureCounts,
            engineRestarts: progress.restartCount,
            sampledTokens: progress.sampledTokenCount,
            toolCalls: progress.toolCallCount,
            elapsedSeconds: progress.elapsedSeconds,
            secondsLeft: state == .running ? progress.secondsLeft : nil,
            updatedAt: Date.now.formatted(.iso8601)
        )
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            try encoder.encode(content).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            Console.error("\(path) cannot be written: \(FileFailure.reason(error))")
        }
    }
}
