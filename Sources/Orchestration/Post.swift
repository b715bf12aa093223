import RolloutModel
import TraceStore

/// A rank's worker, if it has one, with what earlier jobs left of its attempts.
struct Post {
    let rank: Rank
    let desk: WorkerDesk?
    let kept: UnfinishedEpisodes

    /// Hands work to the desk, each attempt with its record.
    ///
    /// - Throws: when a record cannot be read.
    func receive(_ message: CoordinatorMessage) throws {
        var failure: (any Error)?
        desk?.receive(message) { task in
            do {
                return try kept.episode(task)
            } catch {
                failure = error
                return nil
            }
        }
        if let failure { throw failure }
    }

    /// Tokens that `records` have beyond what earlier jobs had of the same attempts.
    func advance(_ records: [Episode]) -> Int {
        records.reduce(0) { sum, record in
            let before = (try? kept.episode(record.task))?.outputTokenCount ?? 0
            return sum + max(0, record.outputTokenCount - before)
        }
    }
}
