/// Random numbers that are the same in every run: reports do not change when they are printed again.
///
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
struct RandomSource: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

extension [Double] {
    /// Where the share `share` of sorted values lies below; linear between neighbours.
    ///
    /// - Parameter share: 0...1.
    /// - Returns: a value between the first and the last; the array must not be empty.
    func quantile(_ share: Double) -> Double {
        let place = share * Double(count - 1)
        let lower = Int(place.rounded(.down))
        let upper = Swift.min(lower + 1, count - 1)
        return self[lower] + (self[upper] - self[lower]) * (place - Double(lower))
    }

    /// The arithmetic mean; 0 of nothing.
    var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }
}
