/// `grading`: who compares answers, within which limits.
public struct GradingSection: Hashable, Sendable, Codable {
    /// Python with math-verify; nil takes the engine's.
    public var python: String?
    /// Grading processes of each worker rank, 1 or more.
    public var workers = 2
    /// CPU time of one comparison, seconds, above 0.
    public var answerSeconds = 1.5
    /// Memory of a grading process, MiB (2^20 bytes).
    public var memoryMegabytes = 2_048

    /// All defaults.
    public init() {}
}

extension GradingSection: ConfigurationSection {
    static var initial: Self { Self() }

    static var keys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "python",
                \.python,
                must: .ifGiven(.notEmpty),
                scope: .placement,
                "Python with math-verify; null takes engine.python."
            ),
            ConfigurationKey(
                "workers",
                \.workers,
                must: .within(1...256),
                scope: .placement,
                "Grading processes of each worker rank, started as needed."
            ),
            ConfigurationKey(
                "answer_seconds",
                \.answerSeconds,
                must: .above(0, upTo: 86_400),
                "CPU time of one comparison, seconds; an answer that needs more, also alone, is unparsed."
            ),
            ConfigurationKey(
                "memory_megabytes",
                \.memoryMegabytes,
                must: .within(256...16_777_216),
                "Memory of a grading process, MiB."
            ),
        ]
    }
}
