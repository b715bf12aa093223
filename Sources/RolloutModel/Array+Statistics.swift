extension [Double] {
    /// Where the share `share` of the values lies below; linear between neighbours.
    ///
    /// Selects instead of sorting (Hoare, Communications of the ACM 4, 1961): the values are only
    /// brought into the order that the answer needs.
    ///
    /// - Parameter share: 0...1.
    /// - Returns: a value between the least and the greatest; the array must not be empty.
    mutating func quantile(_ share: Double) -> Double {
        let place = share * Double(count - 1)
        let lower = Int(place.rounded(.down))
        select(lower)
        guard lower + 1 < count, place > Double(lower) else { return self[lower] }
        var next = self[lower + 1]
        for index in (lower + 1)..<count where self[index] < next { next = self[index] }
        return self[lower] + (next - self[lower]) * (place - Double(lower))
    }

    /// Brings the value that sorting would put at `place` there, none greater before, none less after.
    private mutating func select(_ place: Int) {
        var (low, high) = (0, count - 1)
        while low < high {
            let pivot = self[low + (high - low) / 2]
            var (left, right) = (low, high)
            while left <= right {
                while self[left] < pivot { left += 1 }
                while self[right] > pivot { right -= 1 }
                if left <= right {
                    swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if place <= right { high = right } else if place >= left { low = left } else { return }
        }
    }

    /// The arithmetic mean; 0 of nothing.
    var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }

    /// The variance with n - 1 in the denominator; 0 of fewer than two.
    var sampleVariance: Double {
        guard count > 1 else { return 0 }
        let mean = mean
        return reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    }
}
