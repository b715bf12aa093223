import Foundation
import HTTP
import Inference
import Testing

@testable import ScriptedEngine

/// The latency model keeps the times that can be worked out by hand.
@Suite struct SimulatedQueueTests {
    /// When each request is complete, in simulated seconds; all arrive at time 0.
    private func ends(_ latency: LatencyModel, tokenCounts: [Int]) -> [Double] {
        var queue = SimulatedQueue(latency)
        var ends = [Double](repeating: .nan, count: tokenCounts.count)
        for (id, count) in tokenCounts.enumerated() { queue.add(id, tokenCount: count, now: 0) }
        while let time = queue.nextTime {
            for id in queue.completed(at: time) { ends[id] = time }
        }
        #expect(queue.runningCount == 0 && queue.waitingCount == 0)
        return ends
    }

    private func expect(_ ends: [Double], are expected: [Double]) {
        #expect(ends.count == expected.count)
        for (end, ideal) in zip(ends, expected) { #expect(abs(end - ideal) < 1e-9) }
    }

    @Test func streamsAloneDrawAtTheirOwnSpeed() {
        let latency = LatencyModel(firstTokenSeconds: 0.2, streamTokensPerSecond: 100)
        // The first token comes after 0.2 s, the 150 or 50 others at 100 a second.
        expect(ends(latency, tokenCounts: [151, 51]), are: [1.7, 0.7])
    }

    @Test func capacityIsShared() {
        let latency = LatencyModel(streamTokensPerSecond: 100, totalTokensPerSecond: 1000)
        // 40 streams at 25 a second each.
        expect(
            ends(latency, tokenCounts: [Int](repeating: 51, count: 40)),
            are: [Double](repeating: 2, count: 40)
        )
    }

    @Test func shorterStreamsLeaveTheirShareToLongerOnes() {
        let latency = LatencyModel(streamTokensPerSecond: 100, totalTokensPerSecond: 100)
        // Two streams at 50 a second for 1 s, then one at 100 for the 50 that it has left.
        expect(ends(latency, tokenCounts: [51, 101]), are: [1, 1.5])
    }

    @Test func requestsWithoutAPlaceWait() {
        let latency = LatencyModel(streamTokensPerSecond: 100, placeCount: 2)
        expect(
            ends(latency, tokenCounts: [51, 51, 51, 51, 51]),
            are: [0.5, 0.5, 1, 1, 1.5]
        )
    }

    @Test func removedRequestFreesItsShareAndPlace() {
        var queue = SimulatedQueue(
            LatencyModel(
                streamTokensPerSecond: 100,
                totalTokensPerSecond: 100,
                placeCount: 2
            )
        )
        for id in 0..<3 { queue.add(id, tokenCount: 101, now: 0) }
        #expect(queue.completed(at: 0).isEmpty)
        #expect(queue.runningCount == 2 && queue.waitingCount == 1)
        // At 1 s the first stream has 50 of its 100 tokens to go; the other goes.
        queue.remove(1, now: 1)
        #expect(queue.runningCount == 2 && queue.waitingCount == 0)
        // Both draw 50 a second: the first ends at 2 s, the last has 50 left, at 100 a second.
        #expect(queue.completed(at: 2 + 1e-9) == [0])
        #expect(queue.completed(at: 2.5 + 1e-9) == [2])
    }

    /// Over real sockets the answers come at those times: never early, late as the machine is busy.
    @Test(.timeLimit(.minutes(1))) func answersComeWhenTheyAreDue() async throws {
        var options = ScriptedEngineOptions()
        options.latency = LatencyModel(firstTokenSeconds: 0.2, streamTokensPerSecond: 100)
        let scratch = try ScratchDirectory()
        let server = try ScriptedEngine(
            at: scratch.socket(),
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
            for index in 0..<64 {
                group.addTask {
                    let completion = try await client.complete(
                        [Int32(index)],
                        SamplingParameters(temperature: 1, maxTokens: 101, seed: 0)
                    )
                    #expect(completion.ids.count == 101)
                    #expect(completion.wallSeconds >= 1.2)
                }
            }
            try await group.waitForAll()
        }
        // One after the other they would take 77 s.
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(server.record.mostRunning == 64)
    }
}
