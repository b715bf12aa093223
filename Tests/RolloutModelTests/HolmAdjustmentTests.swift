import RolloutModel
import Testing

@Suite struct HolmAdjustmentTests {
    /// Sorted: 0.01, 0.02, 0.03, 0.04.
    ///
    /// Times 4, 3, 2, 1: 0.04, 0.06, 0.06, 0.04; none below the one before.
    @Test func eachIsMultipliedByThoseThatAreNotSmaller() {
        let adjusted = HolmAdjustment.adjusted([0.03, 0.01, 0.04, 0.02])
        for (value, expected) in zip(adjusted, [0.06, 0.04, 0.06, 0.06]) {
            #expect(abs(value - expected) < 1e-12)
        }
    }

    @Test func theyStayAtMostOneAndOneAloneIsItself() {
        #expect(HolmAdjustment.adjusted([0.6, 0.5]) == [1, 1])
        #expect(HolmAdjustment.adjusted([0.03]) == [0.03])
        #expect(HolmAdjustment.adjusted([]) == [])
        #expect(HolmAdjustment.adjusted([0.02, 0.02, 0.02]) == [0.06, 0.06, 0.06])
    }
}
