import RolloutModel
import Testing

@testable import Orchestration

@Suite struct RunGrowthTests {
    private func problems(_ names: [String]) -> [Problem] {
        names.map { Problem(id: $0, statement: "\($0)?", answer: "1") }
    }

    private func loss(
        stored: [String] = ["a", "b"],
        wanted: [Problem],
        sampleCount: Int
    ) -> String? {
        // Two samples of each stored problem.
        let tasks = stored.indices.flatMap { problem in
            (0..<2).map { EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex($0)) }
        }
        do {
            try RunGrowth.check(
                stored: problems(stored),
                tasks: tasks,
                wanted: wanted,
                sampleCount: sampleCount,
                path: "run"
            )
            return nil
        } catch {
            return error.description
        }
    }

    @Test func theSameAndMoreAreTakenUp() {
        #expect(loss(wanted: problems(["a", "b"]), sampleCount: 2) == nil)
        #expect(loss(wanted: problems(["a", "b", "c"]), sampleCount: 16) == nil)
    }

    @Test func samplesThatNobodyHasMadeAreNotMissed() {
        #expect(loss(stored: [], wanted: problems(["a"]), sampleCount: 1) == nil)
    }

    @Test func fewerSamplesNameTheAttemptsThatWouldBeLost() throws {
        let text = try #require(loss(wanted: problems(["a", "b"]), sampleCount: 1))
        #expect(
            text.contains("run.samples: 1 would leave out 2 stored attempts; ask for 2 or more")
        )
    }

    @Test func fewerProblemsNameTheFirstThatWouldBeLost() throws {
        let text = try #require(loss(wanted: problems(["a"]), sampleCount: 2))
        #expect(text.contains(#"from "b" on would be left out, with 2 stored attempts"#))
    }

    @Test func aProblemInAnothersPlaceIsNamed() throws {
        let text = try #require(loss(wanted: problems(["a", "x", "b"]), sampleCount: 2))
        #expect(text.contains(#"problem 2 of the run is "b", and the data set has "x" there"#))
    }

    @Test func aProblemWithAnotherTextIsNamed() throws {
        var wanted = problems(["a", "b"])
        wanted[1] = Problem(id: "b", statement: "b?", answer: "2")
        let text = try #require(loss(wanted: wanted, sampleCount: 2))
        #expect(text.contains(#"problem 2 of the run is "b", and the data set has another text"#))
    }
}
