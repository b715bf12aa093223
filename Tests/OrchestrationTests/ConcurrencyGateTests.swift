import Testing

@testable import Orchestration

@Suite struct ConcurrencyGateTests {
    @Test func neverMoreThanTheLimitAreInside() async {
        let gate = ConcurrencyGate(limit: 3)
        await withDiscardingTaskGroup { group in
            for _ in 0..<200 {
                await gate.enter()
                #expect(gate.runningCount <= 3)
                group.addTask {
                    await Task.yield()
                    gate.leave()
                }
            }
        }
        #expect(gate.runningCount == 0)
    }

    @Test func aLargerLimitLetsTheWaitingOneIn() async {
        let gate = ConcurrencyGate(limit: 1)
        await gate.enter()
        async let second: Void = gate.enter()
        gate.setLimit(2)
        await second
        #expect(gate.runningCount == 2)
    }

    @Test func anOpenGateHoldsNobodyBack() async {
        let gate = ConcurrencyGate(limit: 1)
        await gate.enter()
        async let second: Void = gate.enter()
        gate.open()
        await second
        #expect(gate.limit == 1)
    }
}
