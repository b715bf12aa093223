// Repeated measurements of one quantity.

/// Measured values, in the order they were measured; at least one when it is asked for anything.
struct Sample {
    private var values: [Double] = []

    var count: Int { values.count }

    mutating func add(_ value: Double) { values.append(value) }

    /// Seconds that `body` takes, as a further value.
    mutating func time<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        let start = ContinuousClock.now
        let result = try await body()
        add((ContinuousClock.now - start) / .seconds(1))
        return result
    }

    var median: Double { quantile(0.5) }

    /// The value below which the given part of all values lies (nearest rank).
    func quantile(_ part: Double) -> Double {
        precondition(!values.isEmpty, "there is a value")
        let sorted = values.sorted()
        let rank = Int((part * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }
}
