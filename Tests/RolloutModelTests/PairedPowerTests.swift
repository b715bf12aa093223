import RolloutModel
import Testing

@Suite struct PairedPowerTests {
    private func tally(_ right: Int, of samples: Int) -> PairedPower.Tally {
        .init(rightCount: right, sampleCount: samples)
    }

    /// From scipy 1.17: `(norm.ppf(0.975) + norm.ppf(0.8)) ** 2`.
    @Test func theFactorIsThatOfLevelAndPower() {
        #expect(abs(PairedPower.factor - 7.848_879_734_349_086) < 1e-12)
    }

    /// One sample each, differences 1, -1, 0, 0: variance 2 / 3.
    ///
    /// 7.84888 * (2 / 3) / 0.0001 = 52325.9.
    @Test func oneSampleEachIsTheObservedVariance() throws {
        let power = try #require(
            PairedPower.ofPair([
                (tally(0, of: 1), tally(1, of: 1)), (tally(1, of: 1), tally(0, of: 1)),
                (tally(1, of: 1), tally(1, of: 1)), (tally(0, of: 1), tally(0, of: 1)),
            ])
        )
        #expect(power.problemCount == 52_326)
        #expect(power.samplingVariance == nil)
        #expect(power.problemCount(withSamplesTimes: 4) == nil)
    }

    /// Four samples; the first run always 2 right, the second 3 and 1: differences 1/4, -1/4, 1/4, -1/4
    /// have variance 4/16 / 3 = 1/12.
    ///
    /// The sampling variances are (1/4) / 3 = 1/12 and (3/16) / 3 = 1/16, together more than was seen:
    /// all of it is sampling, and four times the samples need a quarter of the problems. 7.84888 / 12 /
    /// 0.0001 = 6540.7, a quarter 1635.2.
    @Test func samplingIsAtMostWhatWasSeen() throws {
        let pairs = [3, 1, 3, 1].map { (tally(2, of: 4), tally($0, of: 4)) }
        let power = try #require(PairedPower.ofPair(pairs))
        #expect(power.betweenVariance == 0)
        #expect(power.problemCount == 6541)
        #expect(power.problemCount(withSamplesTimes: 4) == 1636)
        #expect(power.sampleCount == 4)
    }

    /// Rates 1, 1/2, 0 of two samples: variance 1/4.
    ///
    /// Sampling: (0 + 1/4 / 1 + 0) / 3 = 1/12. At least 2/12 and at most 2/4: 7.84888 / 0.0001 times
    /// these is 13081.5 and 39244.4.
    @Test func oneRunGivesTwoEnds() throws {
        let power = try #require(PairedPower.ofOne([2, 1, 0].map { tally($0, of: 2) }))
        #expect(power.least?.problemCount == 13_082)
        #expect(power.most.problemCount == 39_245)
        // With more samples the least falls, and the most goes towards 2 (1/4 - 1/12) = 1/3.
        #expect(power.most.problemCount(withSamplesTimes: 1_000_000) == 26_163)
        let single = try #require(PairedPower.ofOne([1, 0].map { tally($0, of: 1) }))
        #expect(single.least == nil && single.most.problemCount == 78_489)
    }

    @Test func whatDoesNotVarySaysNothing() throws {
        let power = try #require(PairedPower.ofOne([2, 2, 2].map { tally($0, of: 2) }))
        #expect(power.most.problemCount == nil)
        #expect(PairedPower.ofPair([(tally(1, of: 1), tally(0, of: 1))]) == nil)
    }
}
