import RolloutModel
import Testing

@Suite struct BoundedMeanTests {
    @Test func valuesOfZeroAndOneHaveTheExactInterval() {
        let values = [1.0, 0, 1, 1, 0, 1, 1]
        #expect(BoundedMean.interval(of: values) == BinomialInterval.clopperPearson(5, of: 7))
        // Of 1 -1 and 6 1, on a range twice as wide.
        let signs = [1.0, 1, 1, -1, 1, 1, 1]
        let shares = BinomialInterval.clopperPearson(6, of: 7)
        let interval = BoundedMean.interval(of: signs, within: -1...1)
        #expect(interval == 2 * shares.lowerBound - 1...2 * shares.upperBound - 1)
    }

    /// n equal values v: the weight of all is Beta(n, 1), whose 2.5 % quantile is 0.025^(1/n).
    ///
    /// So the lower end is v 0.025^(1/n) and the upper one v 0.025^(1/n) + 1 - 0.025^(1/n). For n = 50
    /// the root is 0.928878 (`0.025 ** (1 / 50)` in Python).
    @Test func agreementHasAWidth() throws {
        let interval = try #require(
            BoundedMean.interval(of: [Double](repeating: 0.5, count: 50))
        )
        #expect(abs(interval.lowerBound - 0.5 * 0.928_878) < 0.000_5)
        #expect(abs(interval.upperBound - (1 - 0.5 * 0.928_878)) < 0.000_5)
    }

    /// 19 of 20 problems agree on 1, one has 15/16: the bootstrap would give [0.99, 1].
    ///
    /// The lower end must be near that of 20 of 20, 0.025^(1/20) = 0.8316.
    @Test func nearAgreementHasNearlyTheWidthOfAgreement() throws {
        let values = [Double](repeating: 1, count: 19) + [15.0 / 16]
        let interval = try #require(BoundedMean.interval(of: values))
        #expect(abs(interval.lowerBound - 0.8316) < 0.006)
        #expect(interval.upperBound > values.reduce(0, +) / 20)
    }

    /// From numpy 2, with two million draws of Dirichlet weights:
    /// `w = default_rng(1).dirichlet(ones(21), 2_000_000)`, then `quantile(w[:, 1:] @ v, 0.025)` and
    /// `quantile(w[:, 1:] @ v + w[:, 0], 0.975)`.
    @Test func fractionsHaveTheQuantilesOfDirichletWeights() throws {
        let values =
            [Double](repeating: 0, count: 3) + [Double](repeating: 0.25, count: 5) + [0.5, 0.5]
            + [Double](repeating: 1, count: 10)
        let interval = try #require(BoundedMean.interval(of: values))
        // A quantile of 20,000 draws is off by about 0.02 standard deviations of 0.1.
        #expect(abs(interval.lowerBound - 0.4070) < 0.006)
        #expect(abs(interval.upperBound - 0.7930) < 0.006)
        #expect(interval == BoundedMean.interval(of: values))
    }

    @Test func aProblemThatIsLeftOutOfAMeanHasNoPartInIt() throws {
        let values: [Double?] = [0.5, 0.25, 1, 0.75, nil, nil]
        let both = BoundedMean.intervals(of: [values, [0.5, 0.25, 1, 0.75, 0, 0]])
        let alone = try #require(BoundedMean.interval(of: values.compactMap { $0 }))
        let interval = try #require(both[0])
        #expect(abs(interval.lowerBound - alone.lowerBound) < 0.02)
        #expect(abs(interval.upperBound - alone.upperBound) < 0.02)
        #expect(try #require(both[1]).lowerBound < interval.lowerBound)
        #expect(BoundedMean.intervals(of: [[nil, nil], [nil, 1]])[0] == nil)
        #expect(BoundedMean.interval(of: []) == nil)
    }
}
