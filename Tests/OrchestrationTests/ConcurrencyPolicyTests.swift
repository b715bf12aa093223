import Inference
import Testing

@testable import Orchestration

@Suite struct ConcurrencyPolicyTests {
    @Test func growsWhileTheEngineHasRoomAndTheLimitIsReached() {
        var policy = ConcurrencyPolicy()
        let start = policy.limit
        policy.observe(load(), runningCount: start)
        #expect(policy.limit > start)
    }

    @Test func aLimitThatIsNotReachedDoesNotGrow() {
        var policy = ConcurrencyPolicy()
        let start = policy.limit
        policy.observe(load(), runningCount: start - 1)
        #expect(policy.limit == start)
    }

    @Test func backsOffWhenRequestsWait() {
        var policy = ConcurrencyPolicy()
        let start = policy.limit
        policy.observe(load(waiting: 3), runningCount: start)
        #expect(policy.limit < start)
    }

    @Test func backsOffOnNewPreemptionsOnly() {
        var policy = ConcurrencyPolicy()
        policy.observe(load(preempted: 7), runningCount: 0)
        let before = policy.limit
        policy.observe(load(preempted: 7), runningCount: 0)
        #expect(policy.limit == before)
        policy.observe(load(preempted: 8), runningCount: 0)
        #expect(policy.limit < before)
    }

    @Test func aFullCacheStopsTheGrowth() {
        var policy = ConcurrencyPolicy()
        let start = policy.limit
        policy.observe(load(cache: 0.95), runningCount: start)
        #expect(policy.limit == start)
    }

    @Test func staysWithinItsBounds() {
        var policy = ConcurrencyPolicy()
        for _ in 0..<100 { policy.observe(load(), runningCount: policy.limit) }
        #expect(policy.limit == ConcurrencyPolicy.most)
        for _ in 0..<100 { policy.observe(load(waiting: 1), runningCount: policy.limit) }
        #expect(policy.limit >= 1)
    }

    private func load(waiting: Int = 0, preempted: Int = 0, cache: Double = 0.1) -> EngineMetrics {
        var load = EngineMetrics()
        load.waitingCount = waiting
        load.preemptionCount = preempted
        load.cacheUse = cache
        return load
    }
}
