import Configuration
import RolloutModel
import Testing

@testable import Orchestration

@Suite struct ProblemOrderTests {
    private func problem(_ level: String) -> Problem {
        Problem(id: level, statement: "s", answer: "1", subject: "", level: level)
    }

    @Test func longProblemsComeFirstAndUnknownOnesCountAsLong() {
        let order = ProblemOrder.order([3, nil, 5, 3], seed: 1)
        #expect(Array(order[..<2]) == [1, 2])
        #expect(Set(order[2...]) == [0, 3])
    }

    @Test func numericLevelsTellTheLengths() throws {
        let problems = ["Level 1", "Level 5", "Level 3"].map(problem)
        #expect(try ProblemOrder.longestFirst(problems, run: RunSection()) == [1, 2, 0])
    }

    @Test func problemsOfOneLengthComeInAnOrderThatTheSeedDraws() throws {
        let problems = [Problem](repeating: problem(""), count: 100)
        var run = RunSection()
        let order = try ProblemOrder.longestFirst(problems, run: run)
        #expect(order.sorted() == Array(problems.indices))
        // A data set's neighbours, which are of one subject, are not begun one after the other.
        let neighbours = zip(order, order.dropFirst()).count { abs($0 - $1) == 1 }
        #expect(neighbours < 10)
        #expect(try ProblemOrder.longestFirst(problems, run: run) == order)
        run.seed = 1
        #expect(try ProblemOrder.longestFirst(problems, run: run) != order)
    }

    @Test func anEarlierRunThatIsNotThereIsAnError() {
        var run = RunSection()
        run.lengthsFrom = "/nonexistent/run"
        #expect(throws: (any Error).self) {
            try ProblemOrder.longestFirst([problem("1")], run: run)
        }
    }
}
