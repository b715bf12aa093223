import Logging
import MPI
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

    /// The attempts that any rank has records of, at rank 0; of one that went from a lost worker to another,
    /// both have one.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    static func tasks(
        of records: [Episode],
        world: borrowing Communicator
    ) throws -> Set<EpisodeTask> {
        var writer = ByteWriter()
        writer.write(list: records) { $0.write($1.task) }
        let gathered = try world.gather(writer.bytes, at: Rank.coordinator.value)
        return Set(
            try gathered.flatMap { bytes in
                var reader = ByteReader(bytes)
                return try reader.list { try $0.task() }
            }
        )
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
