/// "Did you mean": the nearest of some known names.
enum Spelling {
    /// The known name that differs least from `word`, when it is near enough to be meant.
    ///
    /// Near enough: at most a third of the longer name's letters inserted, left out, changed or
    /// swapped with their neighbour, or one name is the beginning of the other.
    static func nearest(to word: String, among names: [String]) -> String? {
        let lowered = word.lowercased()
        let best =
            names
            .map { (name: $0, distance: distance(lowered, $0.lowercased())) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        if let best, best.distance * 3 <= max(word.count, best.name.count) { return best.name }
        return names.first { name in
            lowered.count >= 3 && (name.hasPrefix(lowered) || lowered.hasPrefix(name))
        }
    }

    /// Edits between two words: Damerau-Levenshtein in its optimal string alignment form.
    static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left)
        let b = Array(right)
        var twoAgo: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                let change = previous[j] + (a[i] == b[j] ? 0 : 1)
                var cost = min(previous[j + 1] + 1, row[j] + 1, change)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    cost = min(cost, twoAgo[j - 1] + 1)
                }
                row.append(cost)
            }
            twoAgo = previous
            previous = row
        }
        return previous[b.count]
    }
}
