import RolloutModel
import Testing

@Suite struct RepeatedSamplingTests {
    /// Every subset of every size of 7 samples, listed.
    @Test func everyChanceIsTheShareOfSubsets() {
        for right in 0...7 {
            for k in 1...7 {
                let subsets = (0..<1 << 7).filter { $0.nonzeroBitCount == k }
                let rightCounts = subsets.map { ($0 & ((1 << right) - 1)).nonzeroBitCount }
                func share(_ isIn: (Int) -> Bool) -> Double {
                    Double(rightCounts.count(where: isIn)) / Double(subsets.count)
                }
                let all = RepeatedSampling.allRight(k, right: right, of: 7)
                #expect(abs(all - share { $0 == k }) < 1e-12)
                let any = RepeatedSampling.anyRight(k, right: right, of: 7)
                #expect(abs(any - share { $0 > 0 }) < 1e-12)
                for least in 0...(k + 1) {
                    let value = RepeatedSampling.atLeast(least, of: k, right: right, of: 7)
                    #expect(abs(value - share { $0 >= least }) < 1e-12, "\(least) of \(k)")
                }
            }
        }
    }

    /// From scipy 1.17: `scipy.stats.hypergeom.sf(least - 1, n, c, k)`.
    @Test func largeNumbersAreThoseOfTheHypergeometricDistribution() {
        for (least, k, right, total, expected) in [
            (8, 16, 20, 48, 0.301_288_351_022_242_8), (12, 16, 40, 48, 0.931_055_340_245_587_1),
            (16, 16, 40, 48, 0.027_874_196_479_241_175),
            (250, 500, 480, 1000, 0.114_551_577_278_608_9),
        ] {
            let value = RepeatedSampling.atLeast(least, of: k, right: right, of: total)
            #expect(abs(value - expected) < 1e-12)
        }
    }

    /// tau k rounded up: of 4 samples 0.5 wants 2, 0.75 wants 3; of 10, 0.7 wants 7, not 8.
    @Test func thresholdsAreRoundedUp() {
        func value(_ threshold: Double, _ k: Int, _ right: Int) -> Double {
            RepeatedSampling.stablyRight(threshold, of: k, right: right, of: k)
        }
        #expect(value(0.5, 4, 2) == 1 && value(0.5, 4, 1) == 0)
        #expect(value(0.75, 4, 3) == 1 && value(0.75, 4, 2) == 0)
        #expect(value(0.7, 10, 7) == 1 && value(0.7, 10, 6) == 0)
        #expect(value(0.01, 4, 1) == 1 && value(0.01, 4, 0) == 0)
        #expect(value(1, 4, 4) == 1 && value(1, 4, 3) == 0)
    }

    /// Of 16 drawn of 48 with 40 right at least 8 are right, and 16 * 40 / 48 = 40/3 on average.
    ///
    /// That average is the sum of P(X >= i) over i = 1 ... 16, of which the first 8 are 1: the others
    /// add up to 16/3, and 2 / 16 of it is 2/3. With 4 of 4 drawn and 3 right: i = 3, 4 give 1 and 0,
    /// 2/4 of it 1/2.
    @Test func theMeanOverThresholdsIsASumOfTails() {
        #expect(abs(RepeatedSampling.meanStablyRight(16, right: 40, of: 48) - 2.0 / 3) < 1e-12)
        #expect(RepeatedSampling.meanStablyRight(4, right: 3, of: 4) == 0.5)
        #expect(RepeatedSampling.meanStablyRight(4, right: 4, of: 4) == 1)
        #expect(RepeatedSampling.meanStablyRight(2, right: 1, of: 2) == 0)
    }
}
