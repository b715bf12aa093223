public import RolloutModel

/// What a reader of a run's numbers has to know besides them, as sentences.
public enum ResultNotes {
    /// That a run is unfinished, how much of it there is, and in which direction that leads astray; nil for a
    /// finished one.
    ///
    /// - Parameters:
    ///   - name: what the run is called.
    ///   - extent: nil where it is not known.
    /// - Returns: a sentence or two.
    public static func unfinished(_ name: String, _ extent: RunExtent?) -> String? {
        guard let extent, extent.isUnfinished else { return nil }
        // 799 of 800 is not 100 %.
        let percent = Int((extent.share * 100).rounded(.down))
        let made = "\(name) is unfinished: \(extent.madeCount) of \(extent.wantedCount)"
        return switch extent.unit {
        case .attempts:
            "\(made) attempts are made (\(percent) %). Quick attempts come first: so far lengths are "
                + "too short, and rates favour problems that need few tokens."
        case .steps: "\(made) steps are made (\(percent) %)."
        }
    }

    /// What `(3 left out)` means; nil when no problem is left out.
    public static func leftOut(_ results: [RunResult]) -> String? {
        let isLeftOut = results.contains { $0.statistics.leftOutAt.contains { $0 > 0 } }
        return isLeftOut
            ? "left out: problems with fewer than k counted samples; pass@k, pass^k and G-Pass@k are "
                + "over the others." : nil
    }

    /// How many problems it takes to tell one run from another by one point; nil where that is not known.
    public static func power(_ power: RunStatistics.Power?) -> String? {
        guard let power, let most = power.most.problemCount else { return nil }
        let least = power.least?.problemCount
        let range =
            least == most ? "\(most)" : least.map { "\($0) to \(most)" } ?? "at most \(most)"
        return "to tell 1 point apart: \(range) problems x \(power.most.sampleCount) samples"
            + " (two-sided 5 %, power 80 %)"
    }

    /// The same for two runs that are known.
    public static func power(_ power: PairedPower?) -> String? {
        guard let power, let count = power.problemCount else { return nil }
        var note = "to tell 1 point apart: \(count) problems x \(samples(power, times: 1)) samples"
        if let fewer = power.problemCount(withSamplesTimes: 4), fewer < count {
            note += ", or \(fewer) x \(samples(power, times: 4))"
        }
        return note + " (two-sided 5 %, power 80 %)"
    }

    /// The samples of both runs, times a number; in one word where they are as many.
    private static func samples(_ power: PairedPower, times: Int) -> String {
        // Counts of stored samples: far from overflowing.
        let counts = [power.sampleCount, power.secondSampleCount].map { "\($0 * times)" }
        return counts[0] == counts[1] ? counts[0] : "\(counts[0]) and \(counts[1])"
    }

    /// The notes of a table of `results`, in their order.
    ///
    /// - Parameters:
    ///   - results: of the table.
    ///   - hasPower: whether each run's number of problems to tell it from another is among them.
    /// - Returns: a paragraph each.
    public static func all(of results: [RunResult], hasPower: Bool) -> [String] {
        let prefix = { (result: RunResult) in results.count == 1 ? "" : result.name + ": " }
        return results.compactMap { unfinished($0.name, $0.extent) }
            + [leftOut(results)].compactMap { $0 }
            + (hasPower
                ? results.compactMap { result in
                    power(result.statistics.power).map { prefix(result) + $0 }
                } : [])
    }
}
