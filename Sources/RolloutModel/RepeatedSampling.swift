// What k samples of a problem would show, estimated from n of which c are right: the k are drawn from the n
// without replacement, and the number of right ones among them has the hypergeometric distribution. So
// each figure is an unbiased estimate of what k new samples would give.

/// Chances of right answers among k samples of one problem.
public enum RepeatedSampling {
    /// Thresholds at which G-Pass@k is shown.
    public static let thresholds = [0.5, 0.75]

    /// pass@k, at least one right: `1 - C(n - c, k) / C(n, k)`.
    ///
    /// - Parameters:
    ///   - k: draws, `1...total`.
    ///   - right: c, right samples, `0...total`.
    ///   - total: n, samples.
    /// - Returns: 0...1.
    /// - SeeAlso: Chen et al., arXiv:2107.03374, section 2.1.
    public static func anyRight(_ k: Int, right: Int, of total: Int) -> Double {
        1 - allRight(k, right: total - right, of: total)
    }

    /// pass^k, all right: `C(c, k) / C(n, k)`.
    ///
    /// - Parameters: as for ``anyRight(_:right:of:)``.
    /// - Returns: 0...1.
    /// - SeeAlso: Yao et al., tau-bench, arXiv:2406.12045.
    public static func allRight(_ k: Int, right: Int, of total: Int) -> Double {
        check(k, right, total)
        var chance = 1.0
        for index in 0..<k {
            guard right > index else { return 0 }
            chance *= Double(right - index) / Double(total - index)
        }
        return chance
    }

    /// `P(X >= least)`: that many right or more.
    ///
    /// - Parameters:
    ///   - least: right samples wanted; 0 or below is certain, above k impossible.
    ///   - k: draws, `1...total`.
    ///   - right: c, right samples, `0...total`.
    ///   - total: n, samples.
    /// - Returns: 0...1.
    public static func atLeast(_ least: Int, of k: Int, right: Int, of total: Int) -> Double {
        check(k, right, total)
        let possible = max(0, k - (total - right))...min(k, right)
        guard least > possible.lowerBound else { return 1 }
        guard least <= possible.upperBound else { return 0 }
        // Relative to the first possible count; the sum of all is the unit. Terms of the hypergeometric
        // distribution: P(j + 1) / P(j) = (c - j) (k - j) / ((j + 1) (n - c - k + j + 1)).
        var (term, all, tail) = (1.0, 0.0, 0.0)
        for count in possible {
            all += term
            if count >= least { tail += term }
            term *= Double(right - count) * Double(k - count)
            term /= Double(count + 1) * Double(total - right - k + count + 1)
            // Far from the likely counts terms grow without bound.
            if term > 1e200 { (term, all, tail) = (term / 1e200, all / 1e200, tail / 1e200) }
        }
        return min(1, tail / all)
    }

    /// G-Pass@k at threshold tau: at least `ceil(tau k)` of k right.
    ///
    /// Small thresholds give pass@k, 1 gives pass^k.
    ///
    /// - Parameters:
    ///   - threshold: tau, above 0, at most 1.
    ///   - k: draws, `1...total`.
    ///   - right: c, right samples, `0...total`.
    ///   - total: n, samples.
    /// - Returns: 0...1.
    /// - SeeAlso: Liu et al., Are Your LLMs Capable of Stable Reasoning?, arXiv:2412.13147.
    public static func stablyRight(
        _ threshold: Double,
        of k: Int,
        right: Int,
        of total: Int
    ) -> Double {
        precondition(threshold > 0 && threshold <= 1, "0 < tau <= 1")
        // 0.7 * 10 must be 7, not the next number above it.
        let least = Int((threshold * Double(k) - 1e-9).rounded(.up))
        return atLeast(max(1, least), of: k, right: right, of: total)
    }

    /// mG-Pass@k: the mean of G-Pass@k over thresholds from 0.5 to 1.
    ///
    /// `2 / k` times the sum of G-Pass@k at `i / k` for `i = ceil(k / 2) + 1 ... k`, which stands for twice
    /// the integral over the threshold. For odd k the sum has one term less than k / 2, as in the source.
    ///
    /// - Parameters: as for ``anyRight(_:right:of:)``, but k is 2 or more.
    /// - Returns: 0...1.
    /// - SeeAlso: Liu et al., arXiv:2412.13147.
    public static func meanStablyRight(_ k: Int, right: Int, of total: Int) -> Double {
        precondition(k >= 2, "k is 2 or more")
        let first = (k + 1) / 2 + 1
        let sum = (first...k).reduce(0.0) { $0 + atLeast($1, of: k, right: right, of: total) }
        return 2 * sum / Double(k)
    }

    private static func check(_ k: Int, _ right: Int, _ total: Int) {
        precondition(
            k >= 1 && k <= total && right >= 0 && right <= total,
            "1 <= k <= n and 0 <= c <= n"
        )
    }
}
