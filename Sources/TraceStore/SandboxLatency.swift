/// How long snippets took, as counts in bins whose width doubles: small, and joined by adding.
public struct SandboxLatency: Hashable, Sendable {
    /// Bins of a histogram.
    ///
    /// Bin 0 holds what took less than 1 ms, bin i what took from 2^(i-1) ms to less than 2^i ms, the last
    /// one also what took longer: 16.4 s.
    public static let binCount = 16

    /// Snippets in each bin; shape `[binCount]`.
    public private(set) var counts: [Int32]

    /// The histogram of wall times in seconds.
    public init(seconds: some Sequence<Double> = []) {
        counts = [Int32](repeating: 0, count: Self.binCount)
        for value in seconds { counts[Self.bin(value)] += 1 }
    }

    /// All of `parts` together; a bin that more snippets fall into than it can count is full.
    public static func sum(_ parts: [SandboxLatency]) -> SandboxLatency {
        var sum = SandboxLatency()
        for part in parts {
            for bin in 0..<binCount {
                let (count, isTooLarge) = sum.counts[bin]
                    .addingReportingOverflow(part.counts[bin])
                sum.counts[bin] = isTooLarge ? .max : count
            }
        }
        return sum
    }

    /// A histogram as it was stored.
    init(counts: [Int32]) {
        precondition(counts.count == Self.binCount, "one count for each bin")
        self.counts = counts
    }

    private static func bin(_ seconds: Double) -> Int {
        let milliseconds = seconds * 1000
        guard milliseconds >= 1 else { return 0 }
        return milliseconds.isFinite
            ? min(Int(milliseconds.exponent) + 1, binCount - 1) : binCount - 1
    }
}
