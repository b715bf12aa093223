import Logging
import RolloutModel
import TraceStore

/// A rank's worker, if it has one, with what earlier jobs left of its attempts.
struct Post {
    let desk: WorkerDesk?
    let kept: UnfinishedEpisodes
    let logger: Logger

    /// Hands work to the desk, each attempt with its record.
    func receive(_ message: CoordinatorMessage) {
        desk?.receive(message, record: record)
    }

    /// Tokens that `records` have beyond what earlier jobs had of the same attempts.
    func advance(_ records: [Episode]) -> Int {
        records.reduce(0) { sum, made in
            sum + max(0, made.outputTokenCount - (record(of: made.task)?.outputTokenCount ?? 0))
        }
    }

    /// What an earlier job has of an attempt; one that cannot be read starts from its beginning.
    private func record(of task: EpisodeTask) -> Episode? {
        do {
            return try kept.episode(task)
        } catch {
            logger.error("unfinished attempt lost", metadata: ["cause": "\(error)"])
            return nil
        }
    }
}
