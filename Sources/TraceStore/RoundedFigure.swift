/// A number and its interval, written with no more digits than the interval leaves it.
///
/// The half width of the interval decides, by the rule of the Particle Data Group (Review of Particle
/// Physics, Introduction, "Rounding"): of its three leading digits, 100 to 354 keep two digits, 355 to 949
/// keep one, and 950 to 999 are rounded up to 1000 and keep two. The number and both ends are rounded to
/// the place of the last digit that is kept. Without an interval the number has a fixed number of decimals.
public struct RoundedFigure: Hashable, Sendable {
    /// The number.
    public let number: String
    /// `[low, high]`; nil without an interval.
    public let range: String?
    private let scale: Double
    private let digits: Int

    /// - Parameters:
    ///   - value: any unit; what is not finite is written as it is.
    ///   - interval: in the same unit; nil for none.
    ///   - scale: what both are multiplied by, such as 100 for percent.
    ///   - decimals: decimals without an interval, and at most with one; 0...9.
    public init(
        _ value: Double,
        _ interval: ClosedRange<Double>?,
        scale: Double = 1,
        decimals: Int
    ) {
        let halfWidth = interval.map { ($0.upperBound - $0.lowerBound) / 2 * scale }
        let digits = min(decimals, halfWidth.flatMap(Self.decimals(forHalfWidth:)) ?? decimals)
        self.scale = scale
        self.digits = digits
        number = Self.text(value * scale, digits)
        range = interval.map {
            "[\(Self.text($0.lowerBound * scale, digits)), "
                + "\(Self.text($0.upperBound * scale, digits))]"
        }
    }

    /// Another number of the same unit, rounded to the same place.
    public func alike(_ value: Double) -> String { Self.text(value * scale, digits) }

    /// The number, and the interval after a blank.
    public var text: String { number + (range.map { " " + $0 } ?? "") }

    /// Decimals that a half width leaves, negative for tens and more; nil when it has no size.
    static func decimals(forHalfWidth halfWidth: Double) -> Int? {
        guard halfWidth.isFinite, halfWidth > 0 else { return nil }
        var (leading, power) = (halfWidth, 0)
        while leading >= 1000, power < 400 { (leading, power) = (leading / 10, power + 1) }
        while leading < 100, power > -400 { (leading, power) = (leading * 10, power - 1) }
        // `leading` has three digits before the point, the first at the place of 10^(power + 2).
        return leading < 354.5 || leading >= 949.5
            ? -power - 1 - (leading >= 949.5 ? 1 : 0) : -power - 2
    }

    /// Rounded to `decimals`, which may be negative.
    private static func text(_ value: Double, _ decimals: Int) -> String {
        guard decimals < 0 else { return decimal(value, decimals) }
        var unit = 1.0
        for _ in 0..<(-decimals) { unit *= 10 }
        return decimal((value / unit).rounded(.toNearestOrEven) * unit, 0)
    }
}
