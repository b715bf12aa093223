extension RunStatistics {
    /// Samples of a problem up to which the expected majority is computed without drawing.
    public static let exactMajoritySamples = 64

    /// The expected majority vote of `count` samples drawn from `group` without replacement.
    ///
    /// Exact: the mean of ``majorityIsRight(_:)`` over all `C(n, count)` subsets, without listing
    /// them. For a right class with j votes among those drawn, the ways to draw the others are the
    /// coefficients of a product of one polynomial per class, in the number of samples drawn and in
    /// the number of classes that tie with j votes. A tie of t others is worth 1/(t + 1); the
    /// samples that do not vote are drawn like the rest. Takes `O(count^2 n log n)`.
    ///
    /// - Parameters:
    ///   - group: the counted episodes of one problem, at most ``exactMajoritySamples``.
    ///   - count: samples drawn, `1...group.count`.
    /// - Returns: `0...1`.
    public static func expectedMajority(_ group: [EpisodeOutcome], of count: Int) -> Double {
        precondition(
            count >= 1 && count <= group.count && group.count <= exactMajoritySamples,
            "1 <= k <= n <= \(exactMajoritySamples)"
        )
        var sizes: [String: Int] = [:]
        var rightKeys: Set<String> = []
        for episode in group where !episode.voteKey.isEmpty {
            sizes[episode.voteKey, default: 0] += 1
            if episode.outcome == .right { rightKeys.insert(episode.voteKey) }
        }
        let silentCount = group.count { $0.voteKey.isEmpty }
        // In a fixed order, so that sums do not depend on hashing.
        let expected = rightKeys.sorted().reduce(0.0) { sum, key in
            let others = sizes.filter { $0.key != key }.sorted { $0.key < $1.key }.map(\.value)
            let size = sizes[key] ?? 0
            guard size >= 1 else { return sum }
            return sum
                + (1...min(size, count)).reduce(0.0) { sum, votes in
                    let ways = waysToLead(
                        with: votes,
                        others: others,
                        silentCount: silentCount,
                        drawing: count - votes
                    )
                    return sum + binomial(size, votes) * ways
                }
        }
        return expected / binomial(group.count, count)
    }

    /// Ways to draw so many samples from the other classes that none has more than `votes`, each
    /// divided by the number of classes that then share the lead.
    private static func waysToLead(
        with votes: Int,
        others: [Int],
        silentCount: Int,
        drawing count: Int
    ) -> Double {
        // ways[t][d]: with d samples drawn, t of the classes have `votes` votes.
        let mostTies = count / votes
        let empty = [[Double]](
            repeating: [Double](repeating: 0, count: count + 1),
            count: mostTies + 1
        )
        var ways = empty
        ways[0][0] = 1
        for size in others {
            var next = empty
            for ties in 0...mostTies {
                for drawn in 0...count where ways[ties][drawn] > 0 {
                    for taken in 0...min(size, votes, count - drawn) {
                        let newTies = ties + (taken == votes ? 1 : 0)
                        next[newTies][drawn + taken] +=
                            ways[ties][drawn] * binomial(size, taken)
                    }
                }
            }
            ways = next
        }
        var sum = 0.0
        for ties in 0...mostTies {
            for drawn in 0...count where count - drawn <= silentCount {
                sum +=
                    ways[ties][drawn] * binomial(silentCount, count - drawn) / Double(ties + 1)
            }
        }
        return sum
    }

    /// `C(n, k)`; exact below 2^53.
    private static func binomial(_ n: Int, _ k: Int) -> Double {
        guard k >= 0, k <= n else { return 0 }
        return (0..<min(k, n - k)).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
    }
}
