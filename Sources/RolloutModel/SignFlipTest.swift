/// The test of whether two runs differ over the same problems: Fisher's permutation test for pairs.
///
/// If the runs did not differ, each problem's difference would as likely have the other sign. The p-value
/// is the share of all 2^n choices of signs whose sum is as far from 0 as the one that was seen. For
/// differences of -1, 0 and 1 it is the exact test of McNemar (a binomial test of the problems that
/// flipped).
///
/// - SeeAlso: Fisher, The Design of Experiments, 1935, section 21.
public enum SignFlipTest {
    /// Draws of signs where the choices cannot be counted.
    public static let drawCount = 100_000
    /// Sums that are counted one by one, at most.
    static let mostSums = 1 << 20
    /// Additions that counting may take, at most: a tenth of a second.
    static let mostAdditions = 1e8
    /// The finest unit of differences that is looked for: 1 over it.
    static let mostParts = 1024

    /// The two-sided p-value of no difference.
    ///
    /// Exact where all differences are multiples of one unit, as those of rates are: the choices are
    /// counted by their sums, one difference after the other. Otherwise signs are drawn, the same in
    /// every call, and the observation counts among the draws, so that the value is never 0 (Phipson,
    /// Smyth, Statistical Applications in Genetics and Molecular Biology 9, 2010).
    ///
    /// - Parameter differences: one for each problem, any unit, finite.
    /// - Returns: above 0, at most 1.
    public static func pValue(_ differences: [Double]) -> Double {
        let sizes = differences.map(\.magnitude).filter { $0 > 0 }
        guard !sizes.isEmpty else { return 1 }
        if let steps = steps(of: sizes) {
            let signs = differences.filter { $0 != 0 }.map { $0 < 0 ? -1 : 1 }
            return exact(steps, observed: abs(zip(steps, signs).reduce(0) { $0 + $1.0 * $1.1 }))
        }
        return drawn(sizes, observed: differences.reduce(0, +).magnitude)
    }

    /// The sizes as multiples of 1 over a whole number up to ``mostParts``, the least that fits; nil when
    /// none does or their sum is too large to be counted.
    private static func steps(of sizes: [Double]) -> [Int]? {
        guard sizes.reduce(0, +) < Double(mostSums) else { return nil }
        for parts in 1...mostParts {
            let scaled = sizes.map { $0 * Double(parts) }
            guard scaled.allSatisfy({ ($0 - $0.rounded()).magnitude < 1e-9 }) else { continue }
            let sum = scaled.reduce(0, +)
            guard sum < Double(mostSums), sum * Double(sizes.count) < mostAdditions else {
                return nil
            }
            let steps = scaled.map { Int($0.rounded()) }
            return steps.contains(0) ? nil : steps
        }
        return nil
    }

    /// The share of the choices of signs whose sum is `observed` or more away from 0.
    private static func exact(_ steps: [Int], observed: Int) -> Double {
        // share[s]: of the choices so far, those whose positive part is s. The sum is then 2 s - total.
        let total = steps.reduce(0, +)
        var shares = [Double](repeating: 0, count: total + 1)
        shares[0] = 1
        var reached = 0
        for step in steps {
            for sum in stride(from: reached, through: 0, by: -1) where shares[sum] > 0 {
                shares[sum] /= 2
                shares[sum + step] += shares[sum]
            }
            reached += step
        }
        var extreme = 0.0
        for (sum, share) in shares.enumerated() where abs(2 * sum - total) >= observed {
            extreme += share
        }
        // One choice of very many underflows.
        return min(1, max(extreme, .leastNormalMagnitude))
    }

    private static func drawn(_ sizes: [Double], observed: Double) -> Double {
        // Rounding must not turn a draw that equals the observation into a smaller one.
        let threshold = observed - 1e-12 * max(1, observed)
        var random = RandomSource(seed: 20_250_102)
        var extremeCount = 0
        for _ in 0..<drawCount {
            var sum = 0.0
            var bits: UInt64 = 0
            for (index, size) in sizes.enumerated() {
                if index & 63 == 0 { bits = random.next() }
                sum += bits & 1 == 0 ? size : -size
                bits >>= 1
            }
            if sum.magnitude >= threshold { extremeCount += 1 }
        }
        return Double(extremeCount + 1) / Double(drawCount + 1)
    }
}
