import Foundation
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(1))) struct BellTests {
    private let bell: Bell

    init() throws { bell = try Bell() }

    /// Whether a wait of at most 20 s ends long before.
    private func isHeard() -> Bool {
        let start = ContinuousClock.now
        bell.wait(atMost: .seconds(20))
        return ContinuousClock.now - start < .seconds(10)
    }

    @Test func aRingBeforeTheWaitIsHeard() {
        bell.ring()
        #expect(isHeard())
    }

    @Test func aRingDuringTheWaitEndsIt() {
        let bell = bell
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: 0.05)
            bell.ring()
        }
        #expect(isHeard())
    }

    @Test func manyRingsAreOne() {
        for _ in 0..<10 { bell.ring() }
        #expect(isHeard())
        let start = ContinuousClock.now
        bell.wait(atMost: .milliseconds(30))
        #expect(ContinuousClock.now - start >= .milliseconds(30))
        bell.ring()
        #expect(isHeard())
    }
}
