/// `training`: what `deepmath train` does, step by step.
public struct TrainingSection: Hashable, Sendable, Codable {
    /// How rewards become advantages within a group.
    public enum Advantage: String, Hashable, Sendable, Codable, NamedChoice {
        /// Divided by the group's standard deviation.
        case scaled
        /// Less the group's mean alone.
        case meanOnly = "mean_only"
    }

    /// Steps of the whole run, 1 or more; each is one update.
    public var steps = 300
    /// Groups that one step trains on, 1 or more.
    public var problemsPerStep = 16
    /// Attempts at each problem (G), 2 or more.
    public var groupSize = 4
    /// Temperature up to step ``scheduleBegin``.
    public var temperatureStart = 1.2
    /// Temperature from step ``scheduleEnd`` on.
    public var temperatureEnd = 0.7
    /// Step at which the temperature begins to change.
    public var scheduleBegin = 0
    /// Step at which it has its last value.
    public var scheduleEnd = 300
    /// Updates that the sampling policy may lack, 0 or 1.
    public var maxStaleness = 0
    /// Groups without any spread of rewards that one step replaces by others, at most.
    public var resampledGroups = 0
    /// How rewards become advantages.
    public var advantage = Advantage.scaled

    /// All defaults.
    public init() {}

    /// The sampling temperature of one step, 1 or above: linear between the two ends.
    public func temperature(atStep step: Int) -> Double {
        let part = Double(step - scheduleBegin) / Double(scheduleEnd - scheduleBegin)
        return temperatureStart + (temperatureEnd - temperatureStart) * min(1, max(0, part))
    }
}

extension TrainingSection: ConfigurationSection {
    static var initial: Self { Self() }

    static var keys: [ConfigurationKey<Self>] { stepKeys + temperatureKeys }

    private static var stepKeys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "steps",
                \.steps,
                must: .within(1...Limits.steps),
                scope: .placement,
                "Steps of the run, each with one update; more of them go on from the last."
            ),
            ConfigurationKey(
                "problems_per_step",
                \.problemsPerStep,
                must: .within(1...1_000_000),
                "Problems, and so groups, that one step trains on."
            ),
            ConfigurationKey(
                "group_size",
                \.groupSize,
                must: .within(2...100_000),
                "Attempts at each problem: the G of GRPO. One alone has nothing to be compared with."
            ),
            ConfigurationKey(
                "max_staleness",
                \.maxStaleness,
                must: .within(0...1),
                "1 samples a step with the policy before the last, while the trainer makes that one."
            ),
            ConfigurationKey(
                "resampled_groups",
                \.resampledGroups,
                must: .within(0...1_000_000),
                "Groups of equal rewards that one step replaces by groups of other problems, at most."
            ),
            ConfigurationKey(
                "advantage",
                \.advantage,
                "scaled: (r - mean) / (std + 1e-4), as GRPO; mean_only: r - mean, as Dr. GRPO."
            ),
        ]
    }

    private static var temperatureKeys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "temperature_start",
                \.temperatureStart,
                must: .above(0, upTo: 2),
                "Sampling temperature up to schedule_begin."
            ),
            ConfigurationKey(
                "temperature_end",
                \.temperatureEnd,
                must: .above(0, upTo: 2),
                "Sampling temperature from schedule_end on; linear in between."
            ),
            ConfigurationKey(
                "schedule_begin",
                \.scheduleBegin,
                must: .within(0...Limits.steps),
                "Step at which the temperature begins to change."
            ),
            ConfigurationKey(
                "schedule_end",
                \.scheduleEnd,
                must: .within(1...Limits.steps),
                "Step at which the temperature has its last value."
            ),
        ]
    }
}
