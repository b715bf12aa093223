// One measured quantity beside the quantity it is to be judged by.

/// A quantity, its baseline of the same run, and what their ratio has to meet.
struct Figure: Encodable, Sendable {
    /// What a ratio is held against.
    enum Bound: Sendable, Hashable {
        case atMost(Double)
        case atLeast(Double)
    }

    /// What was measured, for example `new session to first result, median`.
    let name: String
    /// In `unit`.
    let value: Double
    let unit: String
    /// What was measured beside it, or a budget, for example `cold python3 -c 'print(1)'`.
    let baselineName: String
    /// In `unit`, above 0.
    let baseline: Double
    /// Nil for a figure that is only shown.
    let bound: Bound?
    /// The ratio that was last measured, where it misses its bound: quick runs guard that one.
    let reached: Double?

    init(
        _ name: String,
        _ value: Double,
        _ unit: String,
        against baselineName: String,
        _ baseline: Double,
        _ bound: Bound? = nil,
        reached: Double? = nil
    ) {
        self.name = name
        self.value = value
        self.unit = unit
        self.baselineName = baselineName
        self.baseline = baseline
        self.bound = bound
        self.reached = reached
    }

    /// `value / baseline`.
    var ratio: Double { value / baseline }

    /// Whether it is held against a given amount of time or memory, not against something measured
    /// beside it.
    var isBudgeted: Bool { baselineName == "budget" }

    /// Whether the ratio meets its bound.
    func isMet() -> Bool {
        switch bound {
        case .atMost(let limit): ratio <= limit
        case .atLeast(let limit): ratio >= limit
        case nil: true
        }
    }

    /// Whether a quick run finds no regression.
    ///
    /// Bounds are widened by the factor `slack`, and start from what was reached. What is held against
    /// a budget depends on who else uses the machine, and is only shown.
    func isKept(slack: Double) -> Bool {
        if isBudgeted { return true }
        return switch bound {
        case .atMost(let limit): ratio <= max(limit, reached ?? limit) * slack
        case .atLeast(let limit): ratio >= min(limit, reached ?? limit) / slack
        case nil: true
        }
    }

    private enum CodingKeys: String, CodingKey {
        case name, value, unit, baselineName, baseline, ratio, atMost, atLeast
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(value, forKey: .value)
        try container.encode(unit, forKey: .unit)
        try container.encode(baselineName, forKey: .baselineName)
        try container.encode(baseline, forKey: .baseline)
        try container.encode(ratio, forKey: .ratio)
        switch bound {
        case .atMost(let limit): try container.encode(limit, forKey: .atMost)
        case .atLeast(let limit): try container.encode(limit, forKey: .atLeast)
        case nil: break
        }
    }
}
