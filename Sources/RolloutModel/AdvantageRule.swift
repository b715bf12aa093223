/// How rewards become advantages within a group.
public enum AdvantageRule: String, Sendable, CaseIterable {
    /// `(r - mean) / (std + 1e-4)`, with n - 1 in the standard deviation: GRPO.
    case scaled
    /// `r - mean`: Dr. GRPO, in which groups that hardly differ weigh little.
    case meanOnly = "mean_only"

    /// What keeps a group of nearly equal rewards from being divided by nothing.
    public static let epsilon = 1e-4

    /// Advantages of one group, in sample order.
    ///
    /// An episode without a reward says nothing about the model: it is left out of the mean and the
    /// deviation, and its own advantage is 0. Equal rewards give exactly zero.
    ///
    /// - Parameter rewards: shape `[G]`, dimensionless; nil for an episode that does not count.
    /// - Returns: shape `[G]`, dimensionless.
    /// - SeeAlso: Shao et al., arXiv:2402.03300, section 4.1.2; Liu et al., arXiv:2503.20783.
    public func advantages(of rewards: [Double?]) -> [Double] {
        let counted = rewards.compactMap { $0 }
        guard let first = counted.first, counted.contains(where: { $0 != first }) else {
            return rewards.map { _ in 0 }
        }
        let mean = counted.reduce(0, +) / Double(counted.count)
        let squares = counted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(counted.count - 1)).squareRoot()
        let divisor = self == .scaled ? deviation + Self.epsilon : 1
        return rewards.map { $0.map { ($0 - mean) / divisor } ?? 0 }
    }
}
