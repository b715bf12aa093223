/// How the next tokens are drawn.
public struct SamplingParameters: Sendable, Hashable {
    /// Divides the logits; 0 means the most likely token each time (greedy).
    public var temperature: Double
    /// Nucleus mass, `0 < p <= 1`; 1 keeps everything.
    public var topP: Double
    /// Most likely tokens kept; 0 keeps everything.
    public var topK: Int
    /// Most tokens to draw, at least 1.
    public var maxTokens: Int
    /// Texts that end the completion; the text that did stays in it.
    public var stop: [String]
    /// Seed of the draw, `0..<2^63`.
    public var seed: UInt64

    /// The stated parameters.
    public init(
        temperature: Double,
        topP: Double = 1,
        topK: Int = 0,
        maxTokens: Int,
        stop: [String] = [],
        seed: UInt64
    ) {
        precondition(temperature >= 0 && temperature.isFinite, "a temperature is not negative")
        precondition(topP > 0 && topP <= 1, "a nucleus mass is in (0, 1]")
        precondition(topK >= 0 && maxTokens >= 1, "top-k is not negative, a turn has a token")
        precondition(seed < 1 << 63, "servers take a signed seed")
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.maxTokens = maxTokens
        self.stop = stop
        self.seed = seed
    }
}
