// How many problems and samples it takes to tell two runs apart.
//
// Two runs attempt the same n problems k times each. On problem i let their true rates of right answers be
// a_i and b_i, and A_i, B_i the rates among k samples. The estimate of the difference is the mean of
// D_i = B_i - A_i. Problems are a sample of all problems of their kind, and samples one of all answers, so
//
//     Var(D_i) = omega^2 + v_A + v_B,    Var(mean D) = Var(D_i) / n
//
// where omega^2 = Var(b_i - a_i) is how differently the runs do from problem to problem, and
// v = E[p (1 - p)] / k the sampling variance of a problem's rate: it falls with k, omega^2 does not. The
// two-sided test at level alpha finds a true difference d with probability 1 - beta when the standard
// error is d / (z_(1 - alpha/2) + z_(1 - beta)), hence
//
//     n = (z_(1 - alpha/2) + z_(1 - beta))^2 (omega^2 + v_A + v_B) / d^2.
//
// For alpha = 0.05 and power 0.8 the square is (1.95996 + 0.84162)^2 = 7.8489.
//
// v is estimated without bias by the mean over problems of p (1 - p) / (k - 1), p the observed rate. The
// observed variance of the D_i is that of their sum, omega^2 + v_A + v_B.
//
// Source: Miller, Adding Error Bars to Evals, arXiv:2411.00640; the normal approximation of a
// paired test is in any text on sample sizes.

/// The number of problems that the paired test of two runs needs.
public struct PairedPower: Hashable, Sendable {
    /// The difference that is to be found: one point of a rate.
    public static let difference = 0.01
    /// `(z_0.975 + z_0.8)^2`: two-sided test at alpha = 0.05, power 0.8.
    public static let factor = 7.848_879_734_349_086

    /// Variance of the difference on one problem that more samples do not lessen (omega^2).
    public let betweenVariance: Double
    /// Variance of the difference on one problem that comes of sampling (v_A + v_B), at ``sampleCount``
    /// samples; nil when problems have one sample each, which cannot tell the two kinds apart.
    public let samplingVariance: Double?
    /// Samples of each problem in the first run: the most that one has.
    public let sampleCount: Int
    /// Samples of each problem in the second run.
    public let secondSampleCount: Int

    /// Problems needed with ``sampleCount`` samples each; nil where nothing varies, so that the
    /// observations say nothing of it.
    public var problemCount: Int? {
        Self.problems(betweenVariance + (samplingVariance ?? 0))
    }

    /// Problems needed with `multiple` times as many samples; nil where that cannot be told.
    public func problemCount(withSamplesTimes multiple: Int) -> Int? {
        samplingVariance.flatMap { Self.problems(betweenVariance + $0 / Double(multiple)) }
    }

    private static func problems(_ variance: Double) -> Int? {
        let count = (factor * variance / (difference * difference)).rounded(.up)
        return count >= 1 && count < 1e15 ? Int(count) : nil
    }

    init(
        betweenVariance: Double,
        samplingVariance: Double?,
        sampleCount: Int,
        secondSampleCount: Int
    ) {
        self.betweenVariance = betweenVariance
        self.samplingVariance = samplingVariance
        self.sampleCount = sampleCount
        self.secondSampleCount = secondSampleCount
    }
}

extension PairedPower {
    /// Right answers and samples of one problem in one run.
    public struct Tally: Hashable, Sendable {
        /// Right samples, `0...sampleCount`.
        public let rightCount: Int
        /// Samples, 1 or more.
        public let sampleCount: Int

        /// A count.
        public init(rightCount: Int, sampleCount: Int) {
            precondition(
                sampleCount >= 1 && rightCount >= 0 && rightCount <= sampleCount,
                "0 <= c <= n, n >= 1"
            )
            self.rightCount = rightCount
            self.sampleCount = sampleCount
        }

        /// The share of right samples, 0...1.
        var rate: Double { Double(rightCount) / Double(sampleCount) }
    }

    /// What two runs over the same problems need.
    ///
    /// - Parameter pairs: the first and the second run's tally of each problem; two or more.
    /// - Returns: nil for fewer than two problems.
    public static func ofPair(_ pairs: [(Tally, Tally)]) -> PairedPower? {
        guard pairs.count > 1 else { return nil }
        let variance = pairs.map { $0.1.rate - $0.0.rate }.sampleVariance
        let first = samplingVariance(pairs.map(\.0))
        let second = samplingVariance(pairs.map(\.1))
        let sampling = first.flatMap { first in second.map { min(variance, first + $0) } }
        return PairedPower(
            betweenVariance: variance - (sampling ?? 0),
            samplingVariance: sampling,
            sampleCount: pairs.map(\.0.sampleCount).max() ?? 1,
            secondSampleCount: pairs.map(\.1.sampleCount).max() ?? 1
        )
    }

    /// What one run and another, unknown one need, at the least and at the most.
    ///
    /// The other run is taken to vary as this one does: with its sampling variance v, and with its
    /// between-problem variance s. If both do equally well on each problem, omega^2 is 0 (the least). If
    /// the two rates of a problem have nothing to do with each other, it is 2 s (the most). Runs of
    /// related models are between: their hard problems are the same ones.
    ///
    /// - Parameter tallies: of each problem; two or more.
    /// - Returns: nil for fewer than two problems; the least is nil when problems have one sample each.
    public static func ofOne(_ tallies: [Tally]) -> (least: PairedPower?, most: PairedPower)? {
        guard tallies.count > 1 else { return nil }
        let variance = tallies.map(\.rate).sampleVariance
        let sampling = samplingVariance(tallies).map { min(variance, $0) }
        let sampleCount = tallies.map(\.sampleCount).max() ?? 1
        let least = sampling.map {
            PairedPower(
                betweenVariance: 0,
                samplingVariance: 2 * $0,
                sampleCount: sampleCount,
                secondSampleCount: sampleCount
            )
        }
        let most = PairedPower(
            betweenVariance: 2 * (variance - (sampling ?? 0)),
            samplingVariance: sampling.map { 2 * $0 },
            sampleCount: sampleCount,
            secondSampleCount: sampleCount
        )
        return (least, most)
    }

    /// The unbiased estimate of v; nil when no problem has two samples.
    private static func samplingVariance(_ tallies: [Tally]) -> Double? {
        let variances = tallies.filter { $0.sampleCount > 1 }.map {
            $0.rate * (1 - $0.rate) / Double($0.sampleCount - 1)
        }
        return variances.isEmpty ? nil : variances.mean
    }
}
