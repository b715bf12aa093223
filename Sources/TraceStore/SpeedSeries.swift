/// Tokens per second of a whole run over time, from the rounds of its ranks.
public struct SpeedSeries: Hashable, Sendable {
    /// One stretch of time.
    public struct Point: Hashable, Sendable {
        /// The middle of the stretch, seconds since the first round began.
        public let seconds: Double
        /// Tokens sampled by all ranks, a second.
        public let tokensPerSecond: Double
    }

    /// Stretches of equal length, in order; empty without a round.
    public let points: [Point]

    /// The speed of the rounds of `samples`, in at most `count` stretches.
    ///
    /// A round's tokens are spread evenly over it: when in it they were sampled is not known.
    public init(_ samples: [RankSample], count: Int = 120) {
        let rounds = samples.filter { $0.wallSeconds > 0 }
        let start = rounds.map { $0.endedAt - $0.wallSeconds }.min() ?? 0
        let length = (rounds.map(\.endedAt).max() ?? 0) - start
        guard length > 0, length.isFinite else {
            points = []
            return
        }
        // No finer than the rounds are.
        let roundSeconds = rounds.reduce(0) { $0 + $1.wallSeconds } / Double(rounds.count)
        let binCount = max(1, Int(min(Double(count), (length / roundSeconds).rounded())))
        let width = length / Double(binCount)
        var tokens = [Double](repeating: 0, count: binCount)
        for round in rounds {
            let end = round.endedAt - start
            let begin = end - round.wallSeconds
            let first = Self.bin(begin / width, of: binCount)
            let last = max(first, Self.bin(end / width, of: binCount))
            for bin in first...last {
                let overlap =
                    min(end, Double(bin + 1) * width) - max(begin, Double(bin) * width)
                tokens[bin] += round.tokensPerSecond * max(0, overlap)
            }
        }
        points = tokens.enumerated().map { bin, tokens in
            Point(seconds: (Double(bin) + 0.5) * width, tokensPerSecond: tokens / width)
        }
    }

    /// The whole part of a place, within the bins.
    private static func bin(_ place: Double, of count: Int) -> Int {
        place > 0 ? Int(min(place, Double(count - 1))) : 0
    }
}
