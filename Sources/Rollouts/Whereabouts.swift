import RolloutModel
private import Synchronization

/// Which of a worker's attempts waits for what, and since when: for a report when nothing advances.
public final class Whereabouts: Sendable {
    /// What an attempt waits for.
    public enum Place: String, Sendable, CaseIterable {
        /// The model's next turn, or a tokenisation.
        case engine
        /// A snippet.
        case sandbox
        /// The verdict.
        case grader
    }

    private let entries = Mutex<[EpisodeTask: (place: Place, since: ContinuousClock.Instant)]>([:])

    /// Nobody is anywhere.
    public init() {}

    func note(_ task: EpisodeTask, waitsFor place: Place) {
        entries.withLock { $0[task] = (place, .now) }
    }

    func forget(_ task: EpisodeTask) {
        _ = entries.withLock { $0.removeValue(forKey: task) }
    }

    /// One line: how many wait for what, and who has waited longest.
    public func summary(at now: ContinuousClock.Instant = .now) -> String {
        let entries = entries.withLock { $0 }
        guard !entries.isEmpty else { return "no attempt is under way" }
        return Place.allCases.compactMap { place in
            let waiting = entries.filter { $0.value.place == place }
            guard let longest = waiting.min(by: { $0.value.since < $1.value.since }) else {
                return nil
            }
            let seconds = Int((now - longest.value.since).seconds)
            return "\(waiting.count) wait for the \(place.rawValue) (longest: problem "
                + "\(longest.key.problem), sample \(longest.key.sample), \(seconds) s)"
        }.joined(separator: "; ")
    }
}
