import RolloutModel
import Testing

@Suite struct EpisodeTaskTests {
    @Test func seedsDifferInEveryCoordinate() {
        var seen: Set<UInt64> = []
        for run in 0..<4 as Range<UInt64> {
            for problem in 0..<16 {
                for sample in 0..<16 {
                    for turn in 0..<8 {
                        seen.insert(task(problem, sample).seed(runSeed: run, turnIndex: turn))
                    }
                }
            }
        }
        #expect(seen.count == 4 * 16 * 16 * 8)
        #expect(seen.allSatisfy { $0 < 1 << 63 })
    }

    @Test func aSeedIsTheSameInEveryRun() {
        // Computed apart, in Python, from the definition; another value would make the samples of
        // old runs impossible to repeat.
        #expect(task(0, 0).seed(runSeed: 0, turnIndex: 0) == 6_254_410_540_769_775_364)
        #expect(task(3, 1).seed(runSeed: 7, turnIndex: 2) == 7_805_759_696_986_606_647)
    }

    @Test func aShardHoldsTheSamplesOfAProblemTogether() {
        let shard = Shard(problems: 2..<4, samples: 0..<2)
        #expect(shard.tasks == [task(2, 0), task(2, 1), task(3, 0), task(3, 1)])
    }

    private func task(_ problem: Int, _ sample: Int) -> EpisodeTask {
        EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample))
    }
}
