import RolloutModel
import Testing

@Suite struct PairedIntervalTests {
    /// b = c = 0: z^2 / (n + z^2) = 3.8415 / 53.8415 = 0.071348.
    ///
    /// The others from scipy 1.17, with the likelihood given the difference maximised numerically
    /// (`optimize.minimize_scalar` over the share of lost problems) and the ends found by
    /// `optimize.brentq`.
    @Test(arguments: [
        (0, 0, 50, -0.071_347_6, 0.071_347_6), (1, 0, 30, -0.083_963_8, 0.166_703_9),
        (8, 4, 30, -0.098_916_3, 0.353_221_1), (40, 25, 500, -0.001_645_3, 0.062_645_7),
        (10, 0, 10, 0.444_934_4, 1),
    ]) func flipsHaveTangosInterval(
        gained: Int,
        lost: Int,
        total: Int,
        low: Double,
        high: Double
    ) {
        let interval = PairedInterval.tango(gained: gained, lost: lost, of: total)
        #expect(abs(interval.lowerBound - low) < 1e-6)
        #expect(abs(interval.upperBound - high) < 1e-6)
        let mirrored = PairedInterval.tango(gained: lost, lost: gained, of: total)
        #expect(abs(mirrored.lowerBound + high) < 1e-6)
        let differences =
            [Double](repeating: 1, count: gained) + [Double](repeating: -1, count: lost)
            + [Double](repeating: 0, count: total - gained - lost)
        #expect(PairedInterval.interval(of: differences) == interval)
    }

    /// 50 problems that all gain 1/4: u = 0.071348, the centre 0.25 (1 - u) = 0.232163, the ends 0.160815 and
    /// 0.303511.
    @Test func agreementHasAWidth() {
        let interval = PairedInterval.interval(of: [Double](repeating: 0.25, count: 50))
        #expect(abs(interval.lowerBound - 0.160_815) < 1e-6)
        #expect(abs(interval.upperBound - 0.303_511) < 1e-6)
    }

    /// One of 50 problems gains 1/16: the bootstrap alone would be within 0.005.
    @Test func nearAgreementIsNotPrecision() {
        let interval = PairedInterval.interval(of: [Double](repeating: 0, count: 49) + [1.0 / 16])
        #expect(interval.lowerBound < -0.07 && interval.upperBound > 0.07)
    }

    /// 400 differences of 1/2 and -1/4, as many of each: mean 1/8, standard deviation 3/8, standard error
    /// 0.01875, so 0.125 +- 1.96 * 0.01875.
    @Test func manyDifferencesHaveTheWidthOfTheirMean() {
        let differences = (0..<400).map { $0.isMultiple(of: 2) ? 0.5 : -0.25 }
        let interval = PairedInterval.interval(of: differences)
        #expect(abs(interval.lowerBound - 0.088_25) < 0.002)
        #expect(abs(interval.upperBound - 0.161_75) < 0.002)
    }
}
