// Positions and places get distinct types, so that a rank is never taken for a problem.

/// A process of the job: its rank in the world communicator, `0..<size`.
public struct Rank: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Zero-based rank in the world communicator.
    public let value: Int

    /// A rank from its number in the world communicator.
    public init(_ value: Int) {
        precondition(value >= 0, "a rank is not negative")
        self.value = value
    }

    /// The rank that shards the data and gathers rewards.
    public static let coordinator = Rank(0)

    /// Numeric order.
    public static func < (left: Rank, right: Rank) -> Bool { left.value < right.value }

    /// The number.
    public var description: String { "\(value)" }
}

/// The place of a problem in its data set, zero-based, in file order.
public struct ProblemIndex: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Zero-based line order.
    public let value: Int

    /// An index from its zero-based position.
    public init(_ value: Int) {
        precondition(value >= 0, "a problem index is not negative")
        self.value = value
    }

    /// Numeric order.
    public static func < (left: ProblemIndex, right: ProblemIndex) -> Bool {
        left.value < right.value
    }

    /// The number.
    public var description: String { "\(value)" }
}

/// Which of the k attempts at one problem, zero-based.
public struct SampleIndex: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Zero-based attempt number.
    public let value: Int

    /// An index from its zero-based position.
    public init(_ value: Int) {
        precondition(value >= 0, "a sample index is not negative")
        self.value = value
    }

    /// Numeric order.
    public static func < (left: SampleIndex, right: SampleIndex) -> Bool {
        left.value < right.value
    }

    /// The number.
    public var description: String { "\(value)" }
}
