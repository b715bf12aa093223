extension RandomSource {
    /// A number above 0 and below 1; all multiples of 2^-53 less half a step are as likely.
    mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

    /// A whole number in `0..<count`, all as likely but for 2^-64 times `count`.
    ///
    /// The high half of a product (Lemire, arXiv:1805.10941, without rejection).
    mutating func index(below count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// A number of the standard normal distribution: Marsaglia's polar method (SIAM Review 6, 1964).
    mutating func normal() -> Double {
        while true {
            let (x, y) = (2 * uniform() - 1, 2 * uniform() - 1)
            let square = x * x + y * y
            if square < 1, square > 0 {
                return x * (-2 * naturalLogarithm(square) / square).squareRoot()
            }
        }
    }

    /// A number of the gamma distribution with scale 1: the sum of `shape` exponential numbers.
    ///
    /// Small shapes are such a sum, as the logarithm of a product; others are drawn in constant time
    /// (Marsaglia, Tsang, ACM Transactions on Mathematical Software 26, 2000).
    ///
    /// - Parameter shape: 1 or more.
    /// - Returns: above 0; mean and variance are `shape`.
    mutating func gamma(shape: Int) -> Double {
        precondition(shape >= 1, "a shape is 1 or more")
        if shape <= 4 {
            var product = 1.0
            for _ in 0..<shape { product *= uniform() }
            return -naturalLogarithm(product)
        }
        let d = Double(shape) - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            let bound = 0.5 * x * x + d * (1 - v + naturalLogarithm(v))
            if naturalLogarithm(uniform()) < bound { return d * v }
        }
    }
}
