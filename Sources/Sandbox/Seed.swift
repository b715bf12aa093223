/// Seeds that depend on each of their parts.
enum Seed {
    /// Mixes numbers with the finalizer of SplitMix64, so that neighbours give unrelated seeds.
    static func mix(_ parts: UInt64...) -> UInt64 {
        parts.reduce(0x9e37_79b9_7f4a_7c15) { state, part in
            var value = (state ^ part) &+ 0x9e37_79b9_7f4a_7c15
            value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
            return value ^ (value >> 31)
        }
    }
}
