import RolloutModel
import Testing

@testable import TraceStore

@Suite struct RunSeriesTests {
    /// A round of `rank` that ends at `end` after `seconds`.
    private func sample(
        rank: Int,
        end: Double,
        seconds: Double,
        tokens: Int,
        gpu: String = ""
    ) -> RankSample {
        RankSample(
            round: 0,
            rank: Rank(rank),
            host: "h",
            gpu: gpu,
            inFlightCount: 0,
            episodeCount: 0,
            sampledTokenCount: tokens,
            restartCount: 0,
            wallSeconds: seconds,
            endedAt: end,
            sandboxLatency: SandboxLatency()
        )
    }

    /// Two ranks at the same time for 10 s, then, after a pause of 100 s, one of them for 5 s.
    @Test func pausesBetweenStartsAreNoTimeOfTheRun() {
        let throughput = RunThroughput([
            sample(rank: 1, end: 110, seconds: 10, tokens: 300, gpu: "0,1"),
            sample(rank: 2, end: 111, seconds: 10, tokens: 200),
            sample(rank: 1, end: 216, seconds: 5, tokens: 40, gpu: "0"),
        ])
        // 100...110 and 101...111 together are 11 s.
        #expect(throughput.wallSeconds == 16)
        #expect(throughput.tokensPerSecond == 540.0 / 16)
        #expect(throughput.gpuSeconds == 25)
        #expect(RunThroughput([]).tokensPerSecond == 0)
    }

    @Test func aSeriesKeepsTheNumberOfTokens() {
        let samples = (0..<40).map {
            sample(rank: $0 % 2, end: 1000 + Double($0 / 2 + 1) * 3, seconds: 3, tokens: $0)
        }
        let points = SpeedSeries(samples).points
        #expect(points.count == 20)
        let sum = points.reduce(0) { $0 + $1.tokensPerSecond * 3 }
        #expect(abs(sum - 780) < 1e-6)
        #expect(abs(points[0].tokensPerSecond - 1.0 / 3) < 1e-9)
        #expect(SpeedSeries([]).points.isEmpty)
    }

    /// 2^(i-1) ms is the least of bin i.
    @Test(arguments: [
        (0.0, 0), (0.0009, 0), (0.001, 1), (0.0019, 1), (0.002, 2), (0.5, 9), (16.384, 15),
        (1e9, 15),
    ])
    func latencyFallsIntoBinsThatDouble(seconds: Double, bin: Int) {
        let counts = SandboxLatency(seconds: [seconds]).counts
        #expect(counts.enumerated().filter { $0.element > 0 }.map(\.offset) == [bin])
    }

    @Test func histogramsAdd() {
        let sum = SandboxLatency.sum([
            SandboxLatency(seconds: [0, 0.5]), SandboxLatency(seconds: [0.5]),
        ])
        #expect(sum == SandboxLatency(seconds: [0, 0.5, 0.5]))
    }
}
