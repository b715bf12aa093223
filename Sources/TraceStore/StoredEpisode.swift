public import RolloutModel

/// A row of the table of episodes of a run, zero-based, in stored order.
public struct EpisodeRow: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Zero-based position.
    public let value: Int

    /// A row from its position.
    public init(_ value: Int) {
        precondition(value >= 0, "a row is not negative")
        self.value = value
    }

    /// Rows in stored order.
    public static func < (left: EpisodeRow, right: EpisodeRow) -> Bool { left.value < right.value }

    /// The position as a number.
    public var description: String { "\(value)" }
}

/// An episode with what the file knows about where it was made.
public struct StoredEpisode: Hashable, Sendable {
    /// The attempt, whole.
    public let episode: Episode
    /// The rank that made it.
    public let rank: Rank

    /// An episode made by `rank`.
    public init(episode: Episode, rank: Rank) {
        self.episode = episode
        self.rank = rank
    }
}
