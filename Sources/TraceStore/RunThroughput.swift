/// How fast a run was, from the time series of its ranks.
public struct RunThroughput: Hashable, Sendable {
    /// Time in which ranks made attempts, pauses between starts of the run left out; seconds.
    public let wallSeconds: Double
    /// Tokens sampled in that time, over it; 0 of nothing.
    public let tokensPerSecond: Double
    /// GPUs that ranks held, times the time they held them; seconds.
    public let gpuSeconds: Double

    /// The speed of the ranks of `samples`, in any order.
    public init(_ samples: [RankSample]) {
        var covered = 0.0
        var end = -Double.infinity
        // Rounds of different ranks overlap: what counts is the union of their times.
        let rounds = samples.map { (start: $0.endedAt - $0.wallSeconds, end: $0.endedAt) }
        for round in rounds.sorted(by: { $0.start < $1.start }) where round.end > end {
            covered += round.end - max(round.start, end)
            end = round.end
        }
        let tokens = samples.reduce(0) { $0 + $1.sampledTokenCount }
        wallSeconds = covered
        tokensPerSecond = covered > 0 ? Double(tokens) / covered : 0
        gpuSeconds = samples.reduce(0) { $0 + Double($1.gpuCount) * $1.wallSeconds }
    }
}
