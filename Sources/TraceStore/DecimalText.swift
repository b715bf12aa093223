/// A number with a fixed number of decimals, independent of any locale.
///
/// - Parameters:
///   - value: any; what is not finite is written as `nan`, `inf` or `-inf`.
///   - digits: decimals, 0...9.
/// - Returns: rounded to nearest, ties to even, as `printf` does for exact ties.
public func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded(.toNearestOrEven)
    guard scaled < 1e18 else { return "\(value)" }
    let number = Int(scaled)
    let sign = value < 0 && number > 0 ? "-" : ""
    guard digits > 0 else { return sign + "\(number)" }
    let fraction = String(number % Int(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return sign + "\(number / Int(scale))." + zeros + fraction
}
