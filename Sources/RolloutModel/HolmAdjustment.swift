/// p-values of several comparisons, such that the chance of any false alarm among them stays 5 %.
public enum HolmAdjustment {
    /// Holm's step-down adjustment.
    ///
    /// Of m p-values in ascending order the i-th becomes `max over j <= i of min(1, (m - j + 1) p_j)`. A
    /// comparison whose adjusted value is at most alpha can be called a difference, and then all those
    /// called so hold together with probability 1 - alpha, however the comparisons depend on each other.
    ///
    /// - Parameter pValues: each 0...1, in any order: one family of comparisons.
    /// - Returns: as many, in the same order, each 0...1 and not below its p-value.
    /// - SeeAlso: Holm, Scandinavian Journal of Statistics 6, 1979.
    public static func adjusted(_ pValues: [Double]) -> [Double] {
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        var adjusted = pValues
        var largest = 0.0
        for (rank, index) in order.enumerated() {
            largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
            adjusted[index] = largest
        }
        return adjusted
    }
}
