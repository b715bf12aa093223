import Configuration
import RolloutModel
import Testing

@testable import Orchestration

@Suite struct ProblemOrderTests {
    private func problem(_ level: String) -> Problem {
        Problem(id: level, statement: "s", answer: "1", subject: "", level: level)
    }

    @Test func longProblemsComeFirstAndUnknownOnesCountAsLong() {
        #expect(ProblemOrder.order([3, nil, 5, 3]) == [1, 2, 0, 3])
    }

    @Test func numericLevelsTellTheLengths() throws {
        let problems = ["Level 1", "Level 5", "Level 3"].map(problem)
        #expect(try ProblemOrder.longestFirst(problems, run: RunSection()) == [1, 2, 0])
    }

    @Test func withoutLevelsTheOrderOfTheDataSetStays() throws {
        #expect(try ProblemOrder.longestFirst(["", "", ""].map(problem), run: RunSection()) == nil)
        let equal = ["Level 2", "Level 2"].map(problem)
        #expect(try ProblemOrder.longestFirst(equal, run: RunSection()) == nil)
    }

    @Test func anEarlierRunThatIsNotThereIsAnError() {
        var run = RunSection()
        run.lengthsFrom = "/nonexistent/run"
        #expect(throws: (any Error).self) {
            try ProblemOrder.longestFirst([problem("1")], run: run)
        }
    }
}
