/// What is known of one key: its declaration, and the value it has in one configuration.
public struct ConfigurationFact: Hashable, Sendable {
    /// Dotted name: `run.samples`.
    public let key: String
    /// What to write, in words: "a whole number".
    public let type: String
    /// The value in one line.
    public let value: String
    /// What the value must fulfil, in words; empty when every value of the type will do.
    public let rule: String
    /// What it is for, one sentence.
    public let summary: String
    /// Whether it has no default.
    public let isRequired: Bool
    /// The part of the value that decides what the run is; nil when the key does not.
    public let identity: String?
    /// Whether it says how much of the run there is, which may grow.
    public let isExtent: Bool
}

/// One key in which two configurations differ so that their runs are different runs.
public struct ConfigurationDifference: Hashable, Sendable, CustomStringConvertible {
    /// Dotted name: `run.samples`.
    public let key: String
    /// The value of the configuration that was asked, in one line.
    public let value: String
    /// The value of the other one.
    public let otherValue: String
    /// Whether the key says how much of the run there is: the run may be taken up with more of it.
    public let isExtent: Bool

    /// `key: value (there: otherValue)`.
    public var description: String { "\(key): \(value) (there: \(otherValue))" }
}

extension JobConfiguration {
    /// Every key with its value, in declaration order.
    public var facts: [ConfigurationFact] {
        Self.keys.flatMap { $0.facts(self, $0.name) }
    }

    /// The keys whose values make this run another run than `other`'s.
    ///
    /// Keys that only say where and how fast a run happens (engine placement, waiting times, worker
    /// counts, the interval of writes) do not count; ``ConfigurationFact/identity`` says which do.
    public func differences(from other: JobConfiguration) -> [ConfigurationDifference] {
        zip(facts, other.facts).compactMap { mine, theirs in
            guard mine.identity != theirs.identity else { return nil }
            return ConfigurationDifference(
                key: mine.key,
                value: mine.value,
                otherValue: theirs.value,
                isExtent: mine.isExtent
            )
        }
    }
}
