/// The interval of a share that was counted: so many of n independent problems.
public enum BinomialInterval {
    /// The exact interval: no true share in it would make a count as far off as this rarer than 2.5 %
    /// on either side.
    ///
    /// The lower end p solves `P(X >= c | n, p) = (1 - confidence) / 2` and the upper one
    /// `P(X <= c | n, p) = (1 - confidence) / 2`, X binomial; c = 0 gives a lower end of 0, c = n an upper
    /// end of 1. It has a width where all problems agree: n of n gives `(alpha / 2)^(1 / n)...1`. Its
    /// coverage is never below `confidence`, and mostly above.
    ///
    /// - Parameters:
    ///   - successes: c, `0...total`.
    ///   - total: n, 1 or more.
    ///   - confidence: the coverage wanted, between 0 and 1.
    /// - Returns: shares, within `0...1`.
    /// - SeeAlso: Clopper, Pearson, Biometrika 26, 1934.
    public static func clopperPearson(
        _ successes: Int,
        of total: Int,
        confidence: Double = 0.95
    ) -> ClosedRange<Double> {
        precondition(total >= 1 && successes >= 0 && successes <= total, "0 <= c <= n, n >= 1")
        precondition(confidence > 0 && confidence < 1, "a confidence is between 0 and 1")
        let tail = (1 - confidence) / 2
        // P(X >= c) grows with p.
        let lower =
            successes == 0
            ? 0 : root { upperTail(from: successes, of: total, share: $0) < tail }
        let upper =
            successes == total
            ? 1 : root { 1 - upperTail(from: successes + 1, of: total, share: $0) > tail }
        return lower...max(lower, upper)
    }

    /// Where `isBelow` turns from true to false in `0...1`, to the last bit.
    private static func root(_ isBelow: (Double) -> Bool) -> Double {
        var (low, high) = (0.0, 1.0)
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return middle }
            if isBelow(middle) { low = middle } else { high = middle }
        }
    }

    /// `P(X >= count)` for binomial X, `1 <= count <= total`, `0 < share < 1`.
    ///
    /// The probabilities are computed from the most likely count outwards, relative to its own, and
    /// divided by their sum: no factorial and no logarithm.
    private static func upperTail(from count: Int, of total: Int, share: Double) -> Double {
        let n = Double(total)
        let mode = min(total, Int(((n + 1) * share).rounded(.down)))
        let odds = share / (1 - share)
        var (all, tail) = (1.0, mode >= count ? 1.0 : 0.0)
        var term = 1.0
        var index = mode
        while index < total, term > 1e-20 {
            term *= (n - Double(index)) / Double(index + 1) * odds
            index += 1
            all += term
            if index >= count { tail += term }
        }
        term = 1
        index = mode
        while index > 0, term > 1e-20 {
            term *= Double(index) / (n - Double(index - 1)) / odds
            index -= 1
            all += term
            if index >= count { tail += term }
        }
        return tail / all
    }
}
