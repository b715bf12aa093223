internal import HDF5
public import RolloutModel

/// The episodes that one rank has finished since its last write, made ready to be written as they come.
///
/// Tokens and text are nearly all that a round writes. They are laid out and checksummed here, while the
/// rank waits for its engine anyway, so that little is left to do when all ranks wait for each other.
public struct EpisodeBatch: Sendable {
    /// In the order in which they came.
    public private(set) var episodes: [Episode] = []
    private(set) var long = LongColumns()
    private var buffer: [UInt8] = []

    /// No episodes.
    public init() {}

    /// A batch of episodes that are all there.
    public init(_ episodes: [Episode]) { append(episodes) }

    /// Adds episodes at the end.
    public mutating func append(_ added: [Episode]) {
        for episode in added {
            // What is long does not depend on who made it.
            let stored = StoredEpisode(episode: episode, rank: .coordinator)
            long.append(TraceBatch(episodes: [stored]), using: &buffer)
        }
        episodes += added
    }

    /// Gives each episode its advantage, which is known only when its group is whole.
    public mutating func setAdvantages(_ advantage: (EpisodeTask) -> Double) {
        for index in episodes.indices {
            episodes[index].advantage = advantage(episodes[index].task)
        }
    }
}

/// One rank's elements of the long datasets, as they lie in the file, and their checksums.
struct LongColumns: Sendable {
    struct Column: Sendable {
        var bytes: [UInt8] = []
        var checksum = CRC32()
    }

    /// In the order of ``TraceSchema/longDatasets``.
    private(set) var columns = [Column](repeating: Column(), count: TraceSchema.longDatasets.count)

    /// Adds the elements of a batch at the ends.
    mutating func append(_ batch: TraceBatch, using buffer: inout [UInt8]) {
        append(TraceSchema.tokens, batch.episodes, &buffer)
        append(TraceSchema.turns, batch.turns, &buffer)
        append(TraceSchema.toolCalls, batch.toolCalls, &buffer)
    }

    private mutating func append<Row>(
        _ table: TableSchema<Row>,
        _ rows: [Row],
        _ buffer: inout [UInt8]
    ) {
        table.encode(\.isLong, of: rows, at: Extents(), into: &buffer) {
            dataset,
            _,
            elements in
            guard let index = TraceSchema.longDatasets.firstIndex(of: dataset) else {
                preconditionFailure("\(dataset.path) is a long dataset")
            }
            columns[index].bytes += elements
            columns[index].checksum.append(elements: elements)
        }
    }
}
