/// For each row, the rows of another table that belong to it.
struct RowRanges {
    private let path: String
    private let firsts: [Int64]
    private let counts: [Int64]
    private let limit: Int64

    /// - Throws: ``TraceError/damaged(path:reason:)`` when the ranges have more rows than there are, so
    ///   that a reader would work on the same rows again and again.
    init(_ file: TraceFile, firsts: [Int64], counts: [Int64], limit: Int64) throws {
        path = file.path
        self.firsts = firsts
        self.counts = counts
        self.limit = limit
        var total: Int64 = 0
        for row in firsts.indices where holds(row) {
            // Neither is larger than the other table.
            total += counts[row]
            guard total <= limit else {
                throw TraceError.damaged(path: path, reason: "rows point to the same rows")
            }
        }
    }

    /// The rows that belong to a row.
    ///
    /// - Throws: ``TraceError/damaged(path:reason:)`` when they are not within the other table.
    subscript(_ row: Int) -> Range<Int> {
        get throws {
            guard holds(row) else {
                throw TraceError.damaged(
                    path: path,
                    reason: "row \(row) points to rows that do not exist"
                )
            }
            return Int(firsts[row])..<Int(firsts[row] + counts[row])
        }
    }

    private func holds(_ row: Int) -> Bool {
        let (first, count) = (firsts[row], counts[row])
        return first >= 0 && count >= 0 && first <= limit && count <= limit - first
    }
}
