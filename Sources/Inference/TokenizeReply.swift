/// The ids of a `/tokenize` answer.
struct TokenizeReply {
    /// Shape `[N]`, each in `0..<2^31`.
    let tokens: [Int32]

    /// Reads `body`.
    init(_ body: [UInt8]) throws(InferenceError.Cause) {
        var scanner = JSONScanner(body)
        var tokens: [Int32]?
        do throws(JSONScanner.Failure) {
            try scanner.enterObject()
            while let key = try scanner.nextKey() {
                // Among them the words of the tokens, which nobody reads.
                if key == "tokens" {
                    tokens = try scanner.tokenIDs()
                } else {
                    try scanner.skipUnread()
                }
            }
            try scanner.finish()
        } catch {
            throw .invalidJSON(offset: error.offset, reason: error.reason)
        }
        guard let tokens else { throw .missingField("tokens") }
        self.tokens = tokens
    }
}

extension JSONScanner {
    /// A list of token ids, with room for `expectedCount` of them from the beginning.
    mutating func tokenIDs(expectedCount: Int = 0) throws(Failure) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(expectedCount)
        try enterArray()
        while try nextElement() {
            guard let id = Int32(exactly: try integer()), id >= 0 else {
                throw failure("a token id does not fit into 31 bits")
            }
            ids.append(id)
        }
        return ids
    }
}
