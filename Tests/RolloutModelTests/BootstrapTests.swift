import Testing

@testable import RolloutModel

@Suite struct BootstrapTests {
    private let lengths: [Double] = [120, 340, 560, 200, 980, 410, 330, 770, 150, 640, 500, 275]

    /// From scipy 1.17: `scipy.stats.t.ppf(0.975, d)`.
    @Test(arguments: [
        (1, 12.706_204_7), (4, 2.776_445_1), (5, 2.570_581_8), (9, 2.262_157_2), (29, 2.045_229_6),
        (499, 1.964_729_4),
    ]) func studentsQuantileIsThatOfTheTable(degrees: Int, quantile: Double) {
        #expect(abs(Bootstrap.studentQuantile(degrees: degrees) - quantile) < 1e-3)
    }

    /// From numpy 2 and scipy 1.17, with two million draws: `dr = default_rng(1).choice(v, (2_000_000,
    /// 12)).mean(1)`, `f = sqrt(12 / 11) * t.ppf(0.975, 11) / norm.ppf(0.975)`, then
    /// `m + (quantile(dr, q) - m) * f` for q of 0.025 and 0.975: 281.7 and 613.1.
    @Test func theIntervalIsThatOfManyDraws() throws {
        let ones = lengths.map { _ in 1.0 }
        let interval = try #require(Bootstrap.interval(of: lengths, over: ones))
        // A quantile of 20,000 draws is off by about 0.02 standard deviations of 76.
        #expect(abs(interval.lowerBound - 281.7) < 5)
        #expect(abs(interval.upperBound - 613.1) < 5)
        #expect(interval == Bootstrap.interval(of: lengths, over: ones))
    }

    /// Two problems of 10 and 20 a sample, the second with nine times the samples: (10 + 180) / 10 = 19.
    @Test func theRatioOfSumsIsWhatVaries() throws {
        let interval = try #require(Bootstrap.interval(of: [10, 180], over: [1, 9]))
        #expect(interval.contains(19))
        #expect(interval.lowerBound < 10)
    }

    @Test func problemsThatAgreeBoundNothing() {
        #expect(Bootstrap.interval(of: [30, 60, 90], over: [1, 2, 3]) == nil)
        #expect(Bootstrap.interval(of: [5], over: [1]) == nil)
    }

    /// The means of exponential numbers: gamma(shape) has mean and variance `shape`.
    @Test(arguments: [1, 3, 4, 5, 40, 500]) func gammaNumbersHaveTheirMeanAndVariance(shape: Int) {
        var random = RandomSource(seed: 3)
        let numbers = (0..<20_000).map { _ in random.gamma(shape: shape) }
        let expected = Double(shape)
        // Standard errors sqrt(shape / 20000), and for the variance about shape sqrt((2 + 6 / shape) / 20000).
        #expect(abs(numbers.mean - expected) < 4 * (expected / 20_000).squareRoot())
        #expect(abs(numbers.sampleVariance - expected) < 4 * expected * (8.0 / 20_000).squareRoot())
    }

    /// Python's `math.log`.
    @Test(arguments: [
        (1.0, 0.0), (2, 0.693_147_180_559_945_3), (10, 2.302_585_092_994_045_7),
        (1e-300, -690.775_527_898_213_7), (1.414_213_562_373_095, 0.346_573_590_279_972_6),
        (0.999_999, -1.000_000_500_029_089e-06),
    ]) func theLogarithmIsExactToRounding(x: Double, logarithm: Double) {
        #expect(abs(naturalLogarithm(x) - logarithm) <= 4e-16 * max(1, abs(logarithm)))
    }

    @Test func aQuantileIsThatOfTheSortedValues() {
        var random = RandomSource(seed: 5)
        for count in [1, 2, 3, 10, 101] {
            let values = (0..<count).map { _ in Double(random.index(below: 20)) }
            let sorted = values.sorted()
            for share in [0, 0.025, 0.3, 0.5, 0.975, 1] {
                let place = share * Double(count - 1)
                let lower = Int(place.rounded(.down))
                let upper = min(lower + 1, count - 1)
                let expected =
                    sorted[lower] + (sorted[upper] - sorted[lower]) * (place - Double(lower))
                var shuffled = values
                #expect(abs(shuffled.quantile(share) - expected) < 1e-12)
            }
        }
    }
}
