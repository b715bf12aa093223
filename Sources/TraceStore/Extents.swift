/// What has a length in a trace file: the tables, and the text beside some of them.
enum Extent: Int, CaseIterable, Sendable {
    case problems, problemText
    case episodes, episodeText
    case turns, turnText
    case toolCalls, toolCallText
    case tokens
    case groups
    case ranks, rankText, latencyBins
    case hosts, hostText
}

/// A length, or a first row, for each table.
struct Extents: Hashable, Sendable {
    /// In the order of ``Extent``; shape `[Extent.allCases.count]`.
    var values: [Int64]

    /// All zero.
    init() { values = [Int64](repeating: 0, count: Extent.allCases.count) }

    /// Values that were exchanged with other ranks.
    init(_ values: [Int64]) {
        precondition(values.count == Extent.allCases.count, "one value for each extent")
        self.values = values
    }

    subscript(_ extent: Extent) -> Int64 {
        get { values[extent.rawValue] }
        set { values[extent.rawValue] = newValue }
    }

    static func + (left: Extents, right: Extents) -> Extents {
        Extents(zip(left.values, right.values).map { $0 + $1 })
    }
}
