// What ranks say to each other. Few and small: an outcome is tens of bytes, its trajectory never
// leaves the rank that made it except into the HDF5 file.

package import RolloutModel

/// What a worker tells the coordinator.
package enum WorkerMessage: Hashable, Sendable {
    /// The worker can start `freeSlots` more episodes.
    case request(freeSlots: Int)
    /// Episodes that ended, each once.
    case outcomes([EpisodeOutcome])
    /// Attempts that the worker has not begun and will not begin: the job is about to end.
    case returned([EpisodeTask])
    /// The worker's engine was restarted, so often in all.
    case restarted(count: Int)
    /// The worker's engine is lost: its unfinished attempts go to others, and it asks no more.
    case retired(unfinished: [EpisodeTask])
}

/// What the coordinator tells a worker.
package enum CoordinatorMessage: Hashable, Sendable {
    /// Attempts to make.
    case work([Shard])
}
