/// What the engine drew: the exact ids, with the log-probability of each.
public struct Completion: Sendable, Hashable {
    /// Sampled token ids, an end-of-sequence id included.
    ///
    /// Shape `[T]`.
    public let ids: [Int32]
    /// Log-probability of each sampled id.
    ///
    /// Shape `[T]`, in nats. Which distribution it is under is the server's ``LogProbabilityMode``.
    public let logProbabilities: [Float]
    /// The server's decoding of the ids, special tokens and the end of sequence kept.
    ///
    /// A stop text that ended it is included, and so is what the last id says beyond that.
    public let text: String
    /// Why sampling ended, in the server's words: `stop` or `length`, rarely another; never `abort`.
    public let finishReason: String
    /// The stop text, or the stop id in decimal, that ended it; nil at an end-of-sequence token.
    public let stopReason: String?
    /// Prompt tokens that the server took from its prefix cache; 0 where it does not tell.
    public let cachedTokenCount: Int
    /// How often the call was sent again before it succeeded.
    public var retryCount: Int
    /// From the call to its result, waiting for restarts included.
    public var wallSeconds: Double

    /// A completion whose two arrays have one length.
    ///
    /// - Throws: ``InferenceError/Cause/lengthMismatch(ids:logProbabilities:)``.
    public init(
        ids: [Int32],
        logProbabilities: [Float],
        text: String,
        finishReason: String,
        stopReason: String?,
        cachedTokenCount: Int,
        retryCount: Int,
        wallSeconds: Double
    ) throws(InferenceError.Cause) {
        guard ids.count == logProbabilities.count else {
            throw .lengthMismatch(ids: ids.count, logProbabilities: logProbabilities.count)
        }
        self.ids = ids
        self.logProbabilities = logProbabilities
        self.text = text
        self.finishReason = finishReason
        self.stopReason = stopReason
        self.cachedTokenCount = cachedTokenCount
        self.retryCount = retryCount
        self.wallSeconds = wallSeconds
    }
}
