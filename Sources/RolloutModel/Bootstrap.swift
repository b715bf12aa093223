// The interval of a mean of numbers without a greatest value (tokens, calls), and of differences.

/// Bootstrap over problems: problems are drawn with replacement, a problem's samples stay together.
public enum Bootstrap {
    /// Draws that an interval is computed from.
    public static let drawCount = 20_000

    /// The 95 % interval of a ratio of sums over problems, such as tokens per episode.
    ///
    /// The 2.5 % and the 97.5 % quantile of the ratio in ``drawCount`` draws of problems (Efron, Annals of
    /// Statistics 7, 1979), each moved away from the ratio of all problems by the factor
    /// `sqrt(n / (n - 1)) t / z`: quantiles of the bootstrap are too near by it for a small number n of
    /// problems (Hesterberg, The American Statistician 69, 2015: the draws vary by
    /// `(n - 1) / n` of what they should, and the normal quantile z stands where Student's t with n - 1
    /// degrees of freedom belongs). The draws are the same in every call.
    ///
    /// - Parameters:
    ///   - numerators: one for each problem, any unit.
    ///   - denominators: one for each problem, above 0, dimensionless.
    /// - Returns: in the unit of the numerators; nil for fewer than two problems, and where all problems
    ///   agree: they say nothing of how far another one might be off, and nothing else bounds it.
    public static func interval(
        of numerators: [Double],
        over denominators: [Double]
    ) -> ClosedRange<Double>? {
        precondition(numerators.count == denominators.count, "one denominator for each numerator")
        let count = numerators.count
        guard count > 1 else { return nil }
        let ratios = zip(numerators, denominators).map { $0 / $1 }
        guard ratios.contains(where: { $0 != ratios[0] }) else { return nil }
        var random = RandomSource(seed: 20_250_101)
        var draws = [Double](repeating: 0, count: drawCount)
        for draw in draws.indices {
            var (numerator, denominator) = (0.0, 0.0)
            for _ in 0..<count {
                let problem = random.index(below: count)
                numerator += numerators[problem]
                denominator += denominators[problem]
            }
            draws[draw] = numerator / denominator
        }
        let ratio = numerators.reduce(0, +) / denominators.reduce(0, +)
        let factor =
            (Double(count) / Double(count - 1)).squareRoot()
            * studentQuantile(degrees: count - 1) / normalQuantile
        let low = min(ratio, ratio + (draws.quantile(0.025) - ratio) * factor)
        let high = max(ratio, ratio + (draws.quantile(0.975) - ratio) * factor)
        return low...high
    }

    /// The 97.5 % quantile of the standard normal distribution.
    static let normalQuantile = 1.959_963_984_540_054

    /// The 97.5 % quantile of Student's t with `degrees` degrees of freedom, 1 or more.
    ///
    /// Tabulated to 4, where the series is poor; then Cornish's and Fisher's expansion from the normal
    /// quantile to the fourth power of 1 / degrees (Abramowitz, Stegun, 26.7.5), within 1e-3.
    static func studentQuantile(degrees: Int) -> Double {
        precondition(degrees >= 1, "degrees of freedom are 1 or more")
        let tabulated = [12.706_205, 4.302_653, 3.182_446, 2.776_445]
        if degrees <= tabulated.count { return tabulated[degrees - 1] }
        let (z, n) = (normalQuantile, Double(degrees))
        let square = z * z
        let g1 = (square + 1) * z / 4
        let g2 = ((5 * square + 16) * square + 3) * z / 96
        let g3 = (((3 * square + 19) * square + 17) * square - 15) * z / 384
        let g4 =
            ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) * z / 92160
        return z + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n
    }
}
