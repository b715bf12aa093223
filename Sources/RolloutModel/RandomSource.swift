/// Random numbers that are the same in every run and with every version of the compiler.
///
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
public struct RandomSource: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The numbers that follow from `seed`.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// `0..<count` in an order that the numbers decide (Fisher and Yates).
    public mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            // The high half of the product is in 0...last (Lemire, arXiv:1805.10941, without rejection).
            order.swapAt(last, Int(next().multipliedFullWidth(by: UInt64(last + 1)).high))
        }
        return order
    }
}
