/// 95 % intervals of a mean difference of rates, paired by problem.
public enum PairedInterval {
    /// Problems that differ from the commonest difference below which the bootstrap alone is not trusted.
    static let fewestForBootstrap = 10

    /// The interval of the mean of `differences`.
    ///
    /// - Differences that are all -1, 0 or 1 (right or wrong against right or wrong): Tango's score
    ///   interval (``tango(gained:lost:of:)``).
    /// - Others: ``Bootstrap`` over problems, cut off at -1 and 1. Where fewer than ten problems differ
    ///   from the commonest difference d, these few cannot show what others like them would be, and the
    ///   interval is widened to hold `d (1 - u) - u ... d (1 - u) + u`. There `u = z^2 / (n + z^2)` is the
    ///   upper end of Wilson's interval for the share of problems that differ when none of n does
    ///   (Journal of the American Statistical Association 22, 1927), and these might differ by as much as
    ///   -1 or 1. For d = 0 that is Tango's interval of no discordant pair.
    ///
    /// So it has a width where all problems agree.
    ///
    /// - Parameter differences: one for each problem, each -1...1, dimensionless; at least one.
    /// - Returns: within `-1...1`; the mean difference lies in it.
    public static func interval(of differences: [Double]) -> ClosedRange<Double> {
        precondition(!differences.isEmpty, "a mean is of something")
        let count = differences.count
        if differences.allSatisfy({ $0 == 0 || $0.magnitude == 1 }) {
            return tango(
                gained: differences.count { $0 == 1 },
                lost: differences.count { $0 == -1 },
                of: count
            )
        }
        let mean = differences.mean
        let ones = [Double](repeating: 1, count: count)
        var interval = Bootstrap.interval(of: differences, over: ones) ?? mean...mean
        let counts = Dictionary(grouping: differences) { $0 }.mapValues(\.count)
        // Of two that are as common, the smaller one: the result must not depend on hashing.
        let common = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        if let common, count - common.value < fewestForBootstrap {
            let square = Bootstrap.normalQuantile * Bootstrap.normalQuantile
            let unseen = square / (Double(count) + square)
            let centre = common.key * (1 - unseen)
            interval =
                min(
                    interval.lowerBound,
                    centre - unseen
                )...max(interval.upperBound, centre + unseen)
        }
        return max(-1, min(mean, interval.lowerBound))...min(1, max(mean, interval.upperBound))
    }

    /// Tango's score interval of the difference of two paired shares.
    ///
    /// With b problems gained, c lost and n in all, the ends are the differences D at which
    /// `(b - c - n D)^2 = z^2 n (2 q + D (1 - D))`: the squared distance in units of the variance that D
    /// implies. There q is the most likely share of lost problems given D, the positive root of
    /// `2 n q^2 + ((2 n - b + c) D - b - c) q - c D (1 - D) = 0`. With b = c = 0 the interval is
    /// `-z^2 / (n + z^2)...z^2 / (n + z^2)`.
    ///
    /// - Parameters:
    ///   - gained: b, wrong in the first and right in the second.
    ///   - lost: c, right in the first and wrong in the second.
    ///   - total: n, 1 or more.
    /// - Returns: within `-1...1`.
    /// - SeeAlso: Tango, Statistics in Medicine 17, 1998.
    public static func tango(gained: Int, lost: Int, of total: Int) -> ClosedRange<Double> {
        precondition(
            total >= 1 && gained >= 0 && lost >= 0 && gained + lost <= total,
            "b + c <= n, n >= 1"
        )
        let (b, c, n) = (Double(gained), Double(lost), Double(total))
        let square = Bootstrap.normalQuantile * Bootstrap.normalQuantile
        let observed = (b - c) / n
        func isOutside(_ difference: Double) -> Bool {
            let linear = (2 * n - b + c) * difference - b - c
            let constant = -c * difference * (1 - difference)
            let root = max(0, linear * linear - 8 * n * constant).squareRoot()
            let share = max(0, (root - linear) / (4 * n))
            let variance = n * max(0, 2 * share + difference * (1 - difference))
            let distance = b - c - n * difference
            return distance * distance > square * variance
        }
        func end(from inside: Double, towards outside: Double) -> Double {
            guard isOutside(outside) else { return outside }
            var (near, far) = (inside, outside)
            for _ in 0..<60 {
                let middle = (near + far) / 2
                if isOutside(middle) { far = middle } else { near = middle }
            }
            return near
        }
        return end(from: observed, towards: -1)...end(from: observed, towards: 1)
    }
}
