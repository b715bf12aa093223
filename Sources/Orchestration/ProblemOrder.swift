// Long attempts first, so that none begins when the others run dry: the longest-processing-time
// rule (Graham, 1969), with expected lengths.

import Configuration
import RolloutModel
import TraceStore

/// In which order problems are begun.
enum ProblemOrder {
    /// Problems by expected length, the longest first; nil when nothing tells their lengths.
    ///
    /// An earlier run that the configuration names tells them by its mean output lengths; without
    /// one, numeric levels of the data set do. A problem of unknown length is taken for a long one.
    ///
    /// - Throws: ``/TraceStore/TraceError`` when the earlier run cannot be read.
    static func longestFirst(_ problems: [Problem], run: RunSection) throws -> [Int]? {
        let lengths: [Double?]
        if let earlier = run.lengthsFrom {
            let means = try meanLengths(TraceReader(run: earlier))
            lengths = problems.map { means[$0.id] }
        } else {
            lengths = problems.map { Double($0.level.drop { !$0.isNumber }) }
            guard Set(lengths.compactMap { $0 }).count > 1 else { return nil }
        }
        return order(lengths)
    }

    /// Indices of `lengths`, the longest and the unknown first, equals in their own order.
    static func order(_ lengths: [Double?]) -> [Int] {
        lengths.indices.sorted { left, right in
            let (one, other) = (lengths[left] ?? .infinity, lengths[right] ?? .infinity)
            return one == other ? left < right : one > other
        }
    }

    /// Mean output tokens of each problem, by its id.
    private static func meanLengths(_ reader: TraceReader) throws -> [String: Double] {
        let problems = try reader.problems()
        let byProblem = Dictionary(grouping: try reader.outcomes(), by: \.task.problem.value)
        return byProblem.reduce(into: [:]) { means, entry in
            guard problems.indices.contains(entry.key) else { return }
            let total = entry.value.reduce(0) { $0 + $1.outputTokenCount }
            means[problems[entry.key].id] = Double(total) / Double(entry.value.count)
        }
    }
}
