import RolloutModel
import Testing

@Suite struct AccuracyByCountTests {
    /// One problem, three samples right and one wrong, and its neighbour always wrong in another way.
    private let outcomes = [[1, 1, 1, 0], [0, 0, 0, 0]].enumerated().flatMap { problem, samples in
        samples.enumerated().map { sample, right in
            EpisodeOutcome(
                task: EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample)),
                status: .completed,
                finish: .answer,
                outcome: right == 1 ? .right : .wrong,
                voteKey: right == 1 ? "right" : "wrong:\(sample)",
                outputTokenCount: 1,
                toolCallCount: 0
            )
        }
    }

    /// One of four is 3/4; of two the wrong one is there half the time and then ties: 1/2 + 1/2 * 1/2.
    @Test func majorityBelowNIsAnExpectation() {
        let curve = AccuracyByCount(outcomes)
        #expect(curve.majority.map(\.count) == [1, 2, 4])
        #expect(abs(curve.majority[0].value - 0.375) < 1e-12)
        #expect(abs(curve.majority[1].value - 0.375) < 1e-12)
        #expect(curve.majority[2].value == 0.5)
        #expect(curve.pass.map(\.value) == [0.375, 0.5, 0.5, 0.5])
        // Two of three right samples of four: C(3,2)/C(4,2) = 1/2, then 1/4.
        #expect(curve.allRight.map(\.value) == [0.375, 0.25, 0.125, 0])
        #expect(curve == AccuracyByCount(outcomes.reversed()))
    }

    @Test func problemsWithFewerSamplesAreLeftOutAndCounted() {
        let curve = AccuracyByCount(outcomes.dropLast())
        #expect(curve.pass.map(\.leftOutCount) == [0, 0, 0, 1])
        #expect(curve.pass.map(\.value) == [0.375, 0.5, 0.5, 1])
        #expect(curve.majority.map(\.leftOutCount) == [0, 0, 1])
        #expect(curve.majority[2].value == 1)
    }

    /// Of 80 samples 60 are right and 20 wrong alike: one is right with 3/4, two vote 3/4 on average
    /// as well (a split pair is worth 1/2).
    @Test func manySamplesAreDrawnAtRandom() {
        let outcomes = (0..<80).map { sample in
            EpisodeOutcome(
                task: EpisodeTask(problem: ProblemIndex(0), sample: SampleIndex(sample)),
                status: .completed,
                finish: .answer,
                outcome: sample < 60 ? .right : .wrong,
                voteKey: sample < 60 ? "right" : "wrong:1",
                outputTokenCount: 1,
                toolCallCount: 0
            )
        }
        let curve = AccuracyByCount(outcomes)
        // 100 draws: a standard error of sqrt(3/16 / 100) = 0.043.
        #expect(abs(curve.majority[0].value - 0.75) < 0.15)
        #expect(abs(curve.majority[1].value - 0.75) < 0.15)
        #expect(curve.majority.last?.value == 1)
    }
}
