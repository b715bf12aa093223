import Testing

@testable import Inference

@Suite struct RestartPauseTests {
    @Test func eachRestartWaitsTwiceAsLongAsTheOneBefore() {
        let pauses = (1...8).map {
            EngineSupervisor.pause(beforeRestart: $0, first: .seconds(1))
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        #expect(
            EngineSupervisor.pause(beforeRestart: 1000, first: .milliseconds(20)) == .seconds(60)
        )
    }
}
