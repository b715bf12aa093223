import RolloutModel
import Testing

@Suite struct BinomialIntervalTests {
    /// From scipy 1.17: `scipy.stats.binomtest(c, n).proportion_ci(method="exact")`.
    @Test(arguments: [
        (0, 10, 0.0, 0.308_497_107_818_762_94),
        (5, 10, 0.187_086_028_447_404_5, 0.812_913_971_552_595_5),
        (19, 30, 0.438_559_849_011_957_6, 0.800_701_374_987_988),
        (480, 500, 0.938_897_390_611_754_1, 0.975_398_687_914_454_7),
        (3, 100_000, 6.186_763_915_927_223e-06, 8.767_020_256_784_099e-05),
    ]) func theIntervalIsTheExactOne(right: Int, total: Int, low: Double, high: Double) {
        let interval = BinomialInterval.clopperPearson(right, of: total)
        #expect(abs(interval.lowerBound - low) < 1e-10 * (1 + low))
        #expect(abs(interval.upperBound - high) < 1e-10 * (1 + high))
    }

    /// All n right has probability p^n: the lower end solves p^n = 0.025.
    @Test func agreementHasAWidth() {
        let interval = BinomialInterval.clopperPearson(50, of: 50)
        #expect(interval.upperBound == 1)
        var power = 1.0
        for _ in 0..<50 { power *= interval.lowerBound }
        #expect(abs(power - 0.025) < 1e-12)
        let none = BinomialInterval.clopperPearson(0, of: 50)
        #expect(none.lowerBound == 0 && abs(none.upperBound - (1 - interval.lowerBound)) < 1e-12)
        #expect(abs(BinomialInterval.clopperPearson(1, of: 1).lowerBound - 0.025) < 1e-12)
    }

    @Test func everyIntervalHoldsTheShareThatWasSeen() {
        for total in [1, 2, 7, 30] {
            for right in 0...total {
                let interval = BinomialInterval.clopperPearson(right, of: total)
                #expect(interval.contains(Double(right) / Double(total)))
                #expect(interval.upperBound > interval.lowerBound)
            }
        }
    }
}
