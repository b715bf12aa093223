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
