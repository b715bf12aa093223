/// The fields of a `/v1/completions` answer that matter, read in one pass over its bytes.
struct CompletionReply {
    var ids: [Int32]?
    var logProbabilities: [Float]?
    var text: String?
    private var lastToken: String?
    var finishReason: String?
    var stopReason: String?
    var cachedTokenCount = 0

    /// Most turns are no longer, and a longer one's lists grow once or twice.
    private static let usualCount = 1024

    /// Reads `body`.
    init(_ body: [UInt8]) throws(InferenceError.Cause) {
        var scanner = JSONScanner(body)
        do throws(JSONScanner.Failure) {
            try read(&scanner)
            try scanner.finish()
        } catch {
            throw .invalidJSON(offset: error.offset, reason: error.reason)
        }
    }

    /// The completion, once every field that must be there is.
    func completion(wallSeconds: Double) throws(InferenceError.Cause) -> Completion {
        guard let ids else { throw .missingField("choices[0].token_ids") }
        guard let logProbabilities else {
            throw .missingField("choices[0].logprobs.token_logprobs")
        }
        guard let text else { throw .missingField("choices[0].text") }
        guard let finishReason else { throw .missingField("choices[0].finish_reason") }
        // A vLLM that is told to end answers so, with status 200 and what there is.
        guard finishReason != "abort", finishReason != "error" else {
            throw .cut("the engine ended the completion itself (finish_reason \(finishReason))")
        }
        return try Completion(
            ids: ids,
            logProbabilities: logProbabilities,
            text: text + beyondStop(of: text),
            finishReason: finishReason,
            stopReason: stopReason,
            cachedTokenCount: cachedTokenCount,
            retryCount: 0,
            wallSeconds: wallSeconds
        )
    }

    /// What the last token says beyond a stop text that ended within it: the server leaves it out of
    /// `text`, and the model goes on behind it.
    ///
    /// Where a stop text overlaps itself, such as two line feeds, it may be told too short.
    private func beyondStop(of text: String) -> String {
        guard let lastToken, let stopReason, text.hasSuffix(stopReason) else { return "" }
        let token = lastToken.utf8
        let longest = min(token.count, text.utf8.count)
        let shared = (0...longest).last { text.utf8.suffix($0).elementsEqual(token.prefix($0)) }
        guard let shared, shared > 0 else { return "" }
        let rest = String(decoding: token.dropFirst(shared), as: UTF8.self)
        // Of a character that the next token ends, nothing is known here.
        return rest.unicodeScalars.contains("\u{fffd}") ? "" : rest
    }

    private mutating func read(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            switch key {
            case "choices": try readChoices(&scanner)
            case "usage": try readUsage(&scanner)
            default: try scanner.skipValue()
            }
        }
    }

    private mutating func readChoices(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
        var index = 0
        try scanner.enterArray()
        while try scanner.nextElement() {
            // One completion is asked for; more would be the server's own idea.
            if index == 0 { try readChoice(&scanner) } else { try scanner.skipValue() }
            index += 1
        }
    }

    private mutating func readChoice(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            if try scanner.takesNull() { continue }
            switch key {
            case "text": text = try scanner.string()
            case "finish_reason": finishReason = try scanner.string()
            case "stop_reason":
                let isText = scanner.peek() == UInt8(ascii: "\"")
                stopReason = isText ? try scanner.string() : "\(try scanner.integer())"
            case "token_ids":
                let count = logProbabilities?.count ?? Self.usualCount
                ids = try scanner.tokenIDs(expectedCount: count)
            case "logprobs": try readLogProbabilities(&scanner)
            default: try scanner.skipUnread()
            }
        }
    }

    private mutating func readLogProbabilities(
        _ scanner: inout JSONScanner
    ) throws(JSONScanner.Failure) {
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            if try scanner.takesNull() { continue }
            switch key {
            case "token_logprobs":
                logProbabilities = try scanner.floats(expectedCount: Self.usualCount)
            case "tokens": lastToken = try scanner.lastString()
            default: try scanner.skipUnread()
            }
        }
    }

    private mutating func readUsage(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
        if try scanner.takesNull() { return }
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            guard key == "prompt_tokens_details" else {
                try scanner.skipValue()
                continue
            }
            if try scanner.takesNull() { continue }
            try scanner.enterObject()
            while let detail = try scanner.nextKey() {
                if detail == "cached_tokens", try !scanner.takesNull() {
                    cachedTokenCount = Int(try scanner.integer())
                } else if detail != "cached_tokens" {
                    try scanner.skipValue()
                }
            }
        }
    }
}
