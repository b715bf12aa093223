import RolloutModel
import Testing

@Suite struct TrajectoryTests {
    @Test func aBuilderTilesItsTurns() throws {
        var builder = TrajectoryBuilder()
        builder.append(.prompt, ids: [1, 2, 3], text: "p", wallSeconds: 0)
        builder.appendModelTurn(
            ids: [4, 5],
            logProbabilities: [-0.5, -0.25],
            text: "m",
            wallSeconds: 0.1,
            stopReason: "stop"
        )
        builder.append(.tool, ids: [6], text: "t", wallSeconds: 0)
        let trajectory = try builder.trajectory()
        #expect(trajectory.ids == [1, 2, 3, 4, 5, 6])
        #expect(trajectory.lossMask == [0, 0, 0, 1, 1, 0])
        #expect(trajectory.logProbabilities == [0, 0, 0, -0.5, -0.25, 0])
        #expect(trajectory.turns.map(\.tokens) == [0..<3, 3..<5, 5..<6])
        #expect(trajectory.tokenCount(of: .model) == 2)
        #expect(trajectory.modelText == "m")
    }

    @Test func reservedTokensComeWithoutAMove() {
        var builder = TrajectoryBuilder()
        builder.reserveCapacity(tokenCount: 1000)
        let capacity = builder.ids.capacity
        for _ in 0..<10 {
            builder.append(.tool, ids: Array(repeating: 1, count: 100), text: "", wallSeconds: 0)
        }
        #expect(builder.ids.count == 1000)
        #expect(builder.ids.capacity == capacity)
    }

    @Test func unequalLengthsAreRefused() {
        #expect(throws: Trajectory.Violation.self) {
            try Trajectory(ids: [1, 2], logProbabilities: [0], lossMask: [0, 0], turns: [])
        }
    }

    @Test func aGapBetweenTurnsIsRefused() {
        #expect(throws: Trajectory.Violation.turnsDoNotTile(turnIndex: 1)) {
            try Trajectory(
                ids: [1, 2, 3],
                logProbabilities: [0, 0, 0],
                lossMask: [0, 0, 0],
                turns: [turn(.prompt, 0..<1), turn(.tool, 2..<3)]
            )
        }
        #expect(throws: Trajectory.Violation.turnsDoNotTile(turnIndex: 1)) {
            try Trajectory(
                ids: [1, 2],
                logProbabilities: [0, 0],
                lossMask: [0, 0],
                turns: [turn(.prompt, 0..<1)]
            )
        }
    }

    @Test func aSampledTokenOutsideTheLossIsRefused() {
        #expect(throws: Trajectory.Violation.maskDisagrees(tokenIndex: 1)) {
            try Trajectory(
                ids: [1, 2],
                logProbabilities: [0, -1],
                lossMask: [0, 0],
                turns: [turn(.prompt, 0..<1), turn(.model, 1..<2)]
            )
        }
    }

    private func turn(_ role: Turn.Role, _ tokens: Range<Int>) -> Turn {
        Turn(role: role, tokens: tokens, text: "", wallSeconds: 0)
    }
}
