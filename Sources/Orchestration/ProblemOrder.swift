// Long attempts first, so that none begins when the others run dry: the longest-processing-time
// rule (Graham, 1969), with expected lengths. Otherwise at random: data sets come sorted by subject, and
// then what a subject asks of interpreters would come all at once, and the first figures of a run would
// be those of one subject.

import Configuration
import RolloutModel
import TraceStore

/// In which order problems are begun.
enum ProblemOrder {
    /// Problems by expected length, the longest first, and those of one length at random.
    ///
    /// An earlier run that the configuration names tells the lengths by its mean output lengths;
    /// without one, numeric levels of the data set do. A problem of unknown length is taken for a long
    /// one. The run's seed draws the rest.
    ///
    /// - Returns: each index of `problems` once.
    /// - Throws: ``/TraceStore/TraceError`` when the earlier run cannot be read.
    static func longestFirst(_ problems: [Problem], run: RunSection) throws -> [Int] {
        let lengths: [Double?]
        if let earlier = run.lengthsFrom {
            let means = try meanLengths(TraceReader(run: earlier))
            lengths = problems.map { means[$0.id] }
        } else {
            lengths = problems.map { Double($0.level.drop { !$0.isNumber }) }
        }
        return order(lengths, seed: run.seed)
    }

    /// Indices of `lengths`, the longest and the unknown first, equals as `seed` draws them.
    static func order(_ lengths: [Double?], seed: UInt64) -> [Int] {
        var random = RandomSource(seed: seed)
        let draw = random.permutation(of: lengths.count)
        return lengths.indices.sorted { left, right in
            let (one, other) = (lengths[left] ?? .infinity, lengths[right] ?? .infinity)
            return one == other ? draw[left] < draw[right] : one > other
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
