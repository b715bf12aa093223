/// The natural logarithm, from additions, multiplications and divisions alone.
///
/// The domain imports nothing but the standard library, which has no logarithm; and these operations
/// give the same digits on every machine, which libraries of C do not promise.
///
/// With `x = m 2^e` and m in `sqrt(1/2)...sqrt(2)`, `ln x = e ln 2 + 2 artanh(s)` where
/// `s = (m - 1) / (m + 1)`. Then `|s| <= 0.1716`, and the series up to `s^21 / 21` is off by less than
/// 1e-18.
///
/// - Parameter x: finite, above 0.
/// - Returns: correct to about 1e-16 times the larger of 1 and the result.
func naturalLogarithm(_ x: Double) -> Double {
    precondition(x > 0 && x.isFinite, "a logarithm is of a positive number")
    var mantissa = x.significand
    var exponent = Double(x.exponent)
    if mantissa > 1.414_213_562_373_095 {
        mantissa /= 2
        exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var series = 1.0 / 21
    series = series * square + 1.0 / 19
    series = series * square + 1.0 / 17
    series = series * square + 1.0 / 15
    series = series * square + 1.0 / 13
    series = series * square + 1.0 / 11
    series = series * square + 1.0 / 9
    series = series * square + 1.0 / 7
    series = series * square + 1.0 / 5
    series = series * square + 1.0 / 3
    series = series * square + 1
    return exponent * 0.693_147_180_559_945_3 + 2 * s * series
}
