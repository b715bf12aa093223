/// Where the texts of a table lie in its text; by column, then by row.
struct TextPlaces: Sendable {
    let firsts: [[Int64]]
    let counts: [[Int64]]

    /// The bytes that the texts of `rows` are in; empty without texts.
    ///
    /// - Throws: ``TraceError/damaged(path:reason:)`` when a text is not within `0..<limit`.
    func byteRange(
        _ rows: some Sequence<Int>,
        limit: Int64,
        path: String
    ) throws -> Range<Int> {
        var lower = limit
        var upper: Int64 = 0
        for row in rows {
            guard holds(row, limit: limit) else {
                throw TraceError.damaged(
                    path: path,
                    reason: "a text of row \(row) lies outside its table's text"
                )
            }
            for (firsts, counts) in zip(firsts, counts) where counts[row] > 0 {
                lower = min(lower, firsts[row])
                upper = max(upper, firsts[row] + counts[row])
            }
        }
        return lower < upper ? Int(lower)..<Int(upper) : 0..<0
    }

    /// Whether the texts of a row lie within `0..<limit`.
    func holds(_ row: Int, limit: Int64) -> Bool {
        zip(firsts, counts).allSatisfy { firsts, counts in
            counts[row] == 0
                || (0..<limit).contains(firsts[row])
                    && (0...limit - firsts[row]).contains(counts[row])
        }
    }

    /// Whether the texts of a row, which lie within `bytes`, are UTF-8.
    func isText(_ row: Int, in bytes: [UInt8]) -> Bool {
        zip(firsts, counts).allSatisfy { firsts, counts in
            let first = Int(firsts[row])
            return counts[row] == 0
                || String(validating: bytes[first..<first + Int(counts[row])], as: UTF8.self)
                    != nil
        }
    }

    /// Bytes of all texts that lie within `0..<limit`: no more than `limit` where none overlap.
    func byteCount(limit: Int64) -> Int64 {
        counts.joined().reduce(0) { sum, count in
            (0...limit).contains(count) ? Self.sum(sum, count) : sum
        }
    }

    /// A sum of counts; the largest number where it does not fit.
    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, isTooLarge) = left.addingReportingOverflow(right)
        return isTooLarge ? .max : sum
    }

    /// Bytes of all texts of one row that was screened.
    func byteCount(_ row: Int) -> Int64 { counts.reduce(0) { $0 + $1[row] } }
}
