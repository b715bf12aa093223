import Foundation
import HTTP
import Inference
import ScriptedEngine
import Testing

/// The latency model keeps the times that can be worked out by hand.
@Suite(.timeLimit(.minutes(2)), .serialized) struct SimulatedEngineTests {
    /// Seconds from the first call to the last answer, for calls that all start together.
    private func makespan(_ latency: LatencyModel, tokenCounts: [Int]) async throws -> Double {
        var options = ScriptedEngineOptions()
        options.latency = latency
        let server = try ScriptedEngine(
            at: .unixSocket(path: "/tmp/simulated-\(UUID().uuidString)"),
            options
        )
        let client = EngineClient(
            endpoint: server.endpoint,
            model: "scripted",
            http: try HTTPClient(),
            requestTimeout: .seconds(60)
        )
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, count) in tokenCounts.enumerated() {
                group.addTask {
                    let completion = try await client.complete(
                        [Int32(index)],
                        SamplingParameters(temperature: 1, maxTokens: count, seed: 0)
                    )
                    #expect(completion.ids.count == count)
                }
            }
            try await group.waitForAll()
        }
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    private func expect(_ seconds: Double, is ideal: Double) {
        // Late by scheduling on a busy machine, never early.
        #expect(seconds >= ideal && seconds < ideal * 1.1 + 0.5)
    }

    @Test func streamsAloneDrawAtTheirOwnSpeed() async throws {
        let latency = LatencyModel(firstTokenSeconds: 0.2, streamTokensPerSecond: 100)
        // The first token comes after 0.2 s, the 150 others at 100 a second.
        let seconds = try await makespan(latency, tokenCounts: [Int](repeating: 151, count: 64))
        expect(seconds, is: 1.7)
    }

    @Test func capacityIsShared() async throws {
        let latency = LatencyModel(streamTokensPerSecond: 100, totalTokensPerSecond: 1000)
        // 40 streams at 25 a second each.
        let seconds = try await makespan(latency, tokenCounts: [Int](repeating: 51, count: 40))
        expect(seconds, is: 2)
    }

    @Test func shorterStreamsLeaveTheirShareToLongerOnes() async throws {
        let latency = LatencyModel(streamTokensPerSecond: 100, totalTokensPerSecond: 100)
        // Two streams at 50 a second for 1 s, then one at 100 for the 50 that it has left.
        let seconds = try await makespan(latency, tokenCounts: [51, 101])
        expect(seconds, is: 1.5)
    }

    @Test func callsWithoutAPlaceWait() async throws {
        let latency = LatencyModel(streamTokensPerSecond: 100, placeCount: 8)
        // Three rounds of half a second.
        let seconds = try await makespan(latency, tokenCounts: [Int](repeating: 51, count: 24))
        expect(seconds, is: 1.5)
    }
}
