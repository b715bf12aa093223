// The interval of a mean of numbers that have a least and a greatest possible value, such as the rates of
// problems, which are between 0 and 1.
//
// A bootstrap of such numbers has no width where all agree, and too little where nearly all do: it cannot
// draw what was not seen. Here each end allows for it. Let v_1 ... v_n be the values and W a random vector
// that is uniform over all weights of n + 1 things (a Dirichlet distribution with all parameters 1; the
// weights of the Bayesian bootstrap, Rubin, Annals of Statistics 9, 1981). The lower end is the 2.5 %
// quantile of W_0 a + sum W_i v_i, where a is the least possible value, and the upper end the 97.5 %
// quantile of W_0 b + sum W_i v_i with the greatest. For values of 0 and 1 these sums have the
// distributions Beta(c, n - c + 1) and Beta(c + 1, n - c): their quantiles are the interval of Clopper and
// Pearson. So the interval of fractional rates goes over into the exact one of counts.
//
// Source: Gaffke, Mathematical Methods of Statistics 14, 2005; Learned-Miller and Thomas,
// arXiv:1905.06208, who conjecture that its coverage is never below 95 %, for every bounded
// distribution and every n. It is proved for values of 0 and 1.

/// 95 % intervals of means of bounded numbers, one for each independent problem.
public enum BoundedMean {
    /// Draws of weights that an interval is computed from.
    public static let drawCount = 20_000

    /// The interval of one mean; nil without values.
    ///
    /// - Parameters:
    ///   - values: one for each problem, within `range`, any unit.
    ///   - range: the least and the greatest value that another problem could have.
    /// - Returns: in the unit of the values, within `range`; the mean of the values lies in it.
    public static func interval(
        of values: [Double],
        within range: ClosedRange<Double> = 0...1
    ) -> ClosedRange<Double>? {
        intervals(of: [values.map { $0 }], within: range)[0]
    }

    /// The intervals of several means over the same problems, from the same draws.
    ///
    /// Columns that hold both ends of the range and nothing else have Clopper's and Pearson's interval
    /// (``BinomialInterval``); the others are drawn, in every call alike.
    ///
    /// - Parameters:
    ///   - columns: for each mean one value for each problem; nil leaves the problem out of this mean.
    ///   - range: as for one mean.
    /// - Returns: one for each column; nil where a column has no value.
    public static func intervals(
        of columns: [[Double?]],
        within range: ClosedRange<Double> = 0...1
    ) -> [ClosedRange<Double>?] {
        var intervals = columns.map { counted($0.compactMap { $0 }, within: range) }
        let drawn = columns.indices.filter { index in
            intervals[index] == nil && columns[index].contains { $0 != nil }
        }
        guard !drawn.isEmpty else { return intervals }
        let table = WeightedRows(drawn.map { columns[$0] }, within: range)
        for (index, interval) in zip(drawn, table.intervals(within: range)) {
            intervals[index] = interval
        }
        return intervals
    }

    /// The exact interval of values that are all one end of the range or the other; nil for others.
    private static func counted(
        _ values: [Double],
        within range: ClosedRange<Double>
    ) -> ClosedRange<Double>? {
        let highCount = values.count { $0 >= range.upperBound }
        let lowCount = values.count { $0 <= range.lowerBound }
        guard !values.isEmpty, highCount + lowCount == values.count else { return nil }
        let shares = BinomialInterval.clopperPearson(highCount, of: values.count)
        let width = range.upperBound - range.lowerBound
        return range.lowerBound + shares.lowerBound * width...range.lowerBound + shares.upperBound
            * width
    }
}

/// Problems by their values: those that agree in all columns have one weight together.
private struct WeightedRows {
    /// Problems in each row.
    private let multiplicities: [Int]
    /// For each column, each row's value; 0 where it is left out.
    private let values: [[Double]]
    /// For each column, 1 for a row that is in it, 0 for one that is left out.
    private let presences: [[Double]]

    init(_ columns: [[Double?]], within range: ClosedRange<Double>) {
        var counts: [[Double?]: Int] = [:]
        var rows: [[Double?]] = []
        for problem in columns[0].indices {
            let row = columns.map { column in
                column[problem].map { min(max($0, range.lowerBound), range.upperBound) }
            }
            if counts[row] == nil { rows.append(row) }
            counts[row, default: 0] += 1
        }
        multiplicities = rows.map { counts[$0] ?? 1 }
        values = columns.indices.map { column in rows.map { $0[column] ?? 0 } }
        presences = columns.indices.map { column in rows.map { $0[column] == nil ? 0 : 1 } }
    }

    func intervals(within range: ClosedRange<Double>) -> [ClosedRange<Double>] {
        var random = RandomSource(seed: 20_250_104)
        let none = [Double](repeating: 0, count: BoundedMean.drawCount)
        var lows = [[Double]](repeating: none, count: values.count)
        var highs = lows
        var weights = [Double](repeating: 0, count: multiplicities.count)
        for draw in 0..<BoundedMean.drawCount {
            // Gamma numbers over their sum are Dirichlet weights.
            for (row, count) in multiplicities.enumerated() {
                weights[row] = random.gamma(shape: count)
            }
            let unseen = random.gamma(shape: 1)
            for column in values.indices {
                var (sum, total) = (0.0, unseen)
                for row in weights.indices {
                    sum += weights[row] * values[column][row]
                    total += weights[row] * presences[column][row]
                }
                lows[column][draw] = (sum + unseen * range.lowerBound) / total
                highs[column][draw] = (sum + unseen * range.upperBound) / total
            }
        }
        return values.indices.map { column in
            let mean = mean(ofColumn: column)
            let low = min(lows[column].quantile(0.025), mean)
            let high = max(highs[column].quantile(0.975), mean)
            return max(low, range.lowerBound)...min(high, range.upperBound)
        }
    }

    private func mean(ofColumn column: Int) -> Double {
        var (sum, count) = (0.0, 0.0)
        for (row, multiplicity) in multiplicities.enumerated() {
            sum += values[column][row] * Double(multiplicity)
            count += presences[column][row] * Double(multiplicity)
        }
        return sum / count
    }
}
