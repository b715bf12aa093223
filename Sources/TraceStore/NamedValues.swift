/// A column of named values: codes, and what they stand for.
struct NamedValues<Value: Sendable>: Sendable {
    let codes: [UInt8]
    /// By code; nil where the code has no name that this program knows.
    let cases: [Value?]
    let place: (path: String, dataset: String)

    /// The value of a row.
    subscript(_ row: Int) -> Value {
        get throws {
            guard let value = cases[Int(codes[row])] else {
                throw TraceError.damaged(
                    path: place.path,
                    reason: "\(place.dataset) holds code \(codes[row])"
                )
            }
            return value
        }
    }
}
