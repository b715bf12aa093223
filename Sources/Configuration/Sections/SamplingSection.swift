/// `sampling`: how tokens are drawn.
public struct SamplingSection: Hashable, Sendable, Codable {
    /// Temperature, `0...2`; 0 always takes the likeliest token.
    public var temperature = 0.6
    /// Nucleus: the likeliest tokens that together have this probability, above 0, at most 1.
    public var topP = 0.95
    /// Only the k likeliest tokens; 0 or -1 takes all.
    public var topK = 20

    /// All defaults.
    public init() {}
}

extension SamplingSection: ConfigurationSection {
    static var initial: Self { Self() }

    static var keys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "temperature",
                \.temperature,
                must: .within(0...2),
                "0 always takes the likeliest token."
            ),
            ConfigurationKey(
                "top_p",
                \.topP,
                must: .above(0, upTo: 1),
                "Sample among the likeliest tokens that together have this probability."
            ),
            ConfigurationKey(
                "top_k",
                \.topK,
                must: .within(-1...Limits.tokens),
                "Sample among the k likeliest tokens; 0 or -1 for all."
            ),
        ]
    }
}
