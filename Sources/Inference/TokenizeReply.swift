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
                    tokens = try scanner.tokenIDs(expectedCount: 0)
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
