import RolloutModel
private import Synchronization

/// The door from a worker's tasks to the main thread: episodes, and what could not be made.
final class EpisodeOutbox: Sendable {
    /// What has come out since it was last asked.
    struct Content {
        /// Finished attempts.
        var episodes: [Episode] = []
        /// Attempts that were begun and not made.
        var unfinished: [EpisodeTask] = []
        /// What there is of attempts that the end of the job, or of the worker, cut off.
        var records: [Episode] = []
        /// Why the worker can go on no more, once it cannot.
        var loss: String?
    }

    private let content = Mutex(Content())

    /// Adds a finished attempt.
    func put(_ episode: Episode) {
        content.withLock { $0.episodes.append(episode) }
    }

    /// Adds an attempt that was not made, and why no other will be.
    func put(unfinished task: EpisodeTask, loss: String) {
        content.withLock {
            $0.unfinished.append(task)
            if $0.loss == nil { $0.loss = loss }
        }
    }

    /// Adds what there is of an attempt that was cut off.
    func put(record: Episode) {
        content.withLock { $0.records.append(record) }
    }

    /// Everything in it, which is then empty.
    func takeAll() -> Content {
        content.withLock { content in
            defer { content = Content() }
            return content
        }
    }
}
