import RolloutModel
import Testing

@Suite struct RunExtentTests {
    @Test func aRunIsUnfinishedWhileAttemptsAreMissing() throws {
        let part = try #require(RunExtent(madeCount: 640, problemCount: 200, sampleCount: 4))
        #expect(part.isUnfinished && part.wantedCount == 800 && part.share == 0.8)
        let whole = try #require(RunExtent(madeCount: 800, problemCount: 200, sampleCount: 4))
        #expect(!whole.isUnfinished && whole.share == 1)
        #expect(RunExtent(madeCount: 0, wantedCount: 0).share == 1)
    }

    @Test func numbersThatCannotBeHaveNoExtent() {
        #expect(RunExtent(madeCount: 1, problemCount: .max, sampleCount: 2) == nil)
    }
}
