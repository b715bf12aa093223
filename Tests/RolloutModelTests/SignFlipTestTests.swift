import RolloutModel
import Testing

@Suite struct SignFlipTestTests {
    /// From scipy 1.17: `scipy.stats.binomtest(9, 12).pvalue` and `binomtest(3, 3).pvalue`: McNemar's test.
    @Test func flipsHaveTheBinomialTest() {
        func differences(_ gained: Int, _ lost: Int) -> [Double] {
            [Double](repeating: 1, count: gained) + [Double](repeating: -1, count: lost) + [
                0, 0, 0,
            ]
        }
        #expect(abs(SignFlipTest.pValue(differences(9, 3)) - 0.145_996_093_75) < 1e-12)
        #expect(SignFlipTest.pValue(differences(3, 0)) == 0.25)
        #expect(abs(SignFlipTest.pValue(differences(10, 0)) - 2.0 / 1024) < 1e-15)
        #expect(SignFlipTest.pValue(differences(0, 0)) == 1)
        #expect(SignFlipTest.pValue([]) == 1)
    }

    /// From scipy 1.17: `permutation_test((d,), mean, permutation_type="samples", n_resamples=inf)`.
    @Test func ratesAreCounted() {
        let quarters = [0.25, -0.5, 0.75, 0.25, 0.5, 0, 1, -0.25, 0.5, 0.25]
        #expect(abs(SignFlipTest.pValue(quarters) - 0.121_093_75) < 1e-12)
        // Fifteenths 5, 3, 5, 3, whose sum with these signs is 10. As far from 0 are sums of equal signs of the
        // fives, 10, with any signs of the threes but both against them: 2 * 3 of 16.
        let mixed = [1.0 / 3, 1.0 / 5, 1.0 / 3, -1.0 / 5]
        #expect(abs(SignFlipTest.pValue(mixed) - 6.0 / 16) < 1e-12)
    }

    /// From scipy 1.17, exactly as above: 0.02246.
    ///
    /// 100,000 draws have a standard error of 0.0005.
    @Test func lengthsAreDrawn() {
        let lengths = [
            12.5, -3.1415, 7.77, 20.01, -1.9, 4.4, 9.13, 2.22, -6.5, 15.15, 3.3, 8.8,
        ].map { $0 * 2.718_281_8 }
        let value = SignFlipTest.pValue(lengths)
        #expect(abs(value - 0.022_460_9) < 0.002)
        #expect(value == SignFlipTest.pValue(lengths))
    }

    /// 2,000 problems that all gain: 2^-1999 is below what a number can hold.
    @Test func aPValueIsNeverZero() {
        let value = SignFlipTest.pValue([Double](repeating: 0.5, count: 2000))
        #expect(value > 0 && value < 1e-300)
    }
}
