public import RolloutModel

/// Attempts that the end of earlier jobs, or of their workers, cut off, by attempt; read by this process alone, without MPI.
///
/// Only where they lie is in memory; each is read when it is asked for.
public final class UnfinishedEpisodes {
    private let readers: [TraceReader]
    private let places: [EpisodeTask: (reader: Int, row: EpisodeRow)]

    /// What is kept in a run directory; nothing when there is none.
    ///
    /// - Parameters:
    ///   - directory: the run's.
    ///   - skippingDamage: gets each file and each row that cannot be read: those attempts start from the
    ///     beginning.
    public init(run directory: String, skippingDamage: @escaping (any Error) -> Void) {
        let run = RunDirectory(path: directory)
        var readers: [TraceReader] = []
        var places: [EpisodeTask: (reader: Int, row: EpisodeRow)] = [:]
        do {
            for number in try run.unfinishedNumbers() {
                do {
                    let reader = try TraceReader(
                        unfinished: run.unfinishedPath(number),
                        skippingDamage: skippingDamage
                    )
                    // A later job went further than an earlier one. In one job, two ranks have a part of
                    // an attempt that went from a lost worker to another: the one that is over counts,
                    // or the longer one.
                    let rows = try reader.outcomes().enumerated()
                        .sorted { Self.progress($0.element) < Self.progress($1.element) }
                    for (row, outcome) in rows {
                        places[outcome.task] = (readers.count, EpisodeRow(row))
                    }
                    readers.append(reader)
                } catch {
                    skippingDamage(error)
                }
            }
        } catch {
            skippingDamage(error)
        }
        self.readers = readers
        self.places = places
    }

    private static func progress(_ outcome: EpisodeOutcome) -> (Int, Int) {
        (outcome.status == .unfinished ? 0 : 1, outcome.outputTokenCount)
    }

    /// How many attempts there are to go on with.
    public var count: Int { places.count }

    /// The attempts, in no order.
    public var tasks: [EpisodeTask] { Array(places.keys) }

    /// An attempt up to where it was cut off; nil when it was never begun.
    ///
    /// - Throws: ``TraceError`` when its rows are damaged.
    public func episode(_ task: EpisodeTask) throws -> Episode? {
        guard let place = places[task] else { return nil }
        return try readers[place.reader].episode(place.row).episode
    }
}
