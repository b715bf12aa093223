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
            guard error.reason != JSONScanner.notFinite else { throw .brokenAnswer(error.reason) }
            throw .invalidJSON(offset: error.offset, reason: error.reason)
        }
    }

    /// The completion, once every field that must be there is, and has a value that it can have.
    ///
    /// - Parameters:
    ///   - wallSeconds: from the call to its answer.
    ///   - promptCount: tokens of the prompt.
    ///   - maxTokens: tokens that were asked for, at most.
    /// - Returns: the completion.
    /// - Throws: what is missing or cannot be.
    func completion(
        wallSeconds: Double,
        promptCount: Int = Int(Int32.max),
        maxTokens: Int = .max
    ) throws(InferenceError.Cause) -> Completion {
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
        try check(ids, logProbabilities, text, finishReason, maxTokens: maxTokens)
        return try Completion(
            ids: ids,
            // Rounding may give a little more than certainty.
            logProbabilities: logProbabilities.map { min(0, $0) },
            text: text + beyondStop(of: text),
            finishReason: finishReason,
            stopReason: stopReason,
            cachedTokenCount: min(cachedTokenCount, promptCount),
            retryCount: 0,
            wallSeconds: wallSeconds
        )
    }

    /// Bytes of the words of the server, and of text for one token, at most.
    private static let longestReason = 1_024
    private static let longestToken = 4_096
    /// Above 0, what rounding may make of a certain token's log-probability.
    private static let rounding: Float = 1e-3

    /// Refuses what no engine means: it would be a wrong trace, or a wrong answer.
    private func check(
        _ ids: [Int32],
        _ logProbabilities: [Float],
        _ text: String,
        _ finishReason: String,
        maxTokens: Int
    ) throws(InferenceError.Cause) {
        guard !ids.isEmpty || text.isEmpty else {
            throw .brokenAnswer("it has text and no token ids")
        }
        guard ids.count <= maxTokens else {
            throw .brokenAnswer("\(ids.count) tokens, and \(maxTokens) were asked for")
        }
        guard text.utf8.count / Self.longestToken <= ids.count else {
            throw .brokenAnswer("\(text.utf8.count) bytes of text for \(ids.count) tokens")
        }
        if let value = logProbabilities.first(where: { !$0.isFinite || $0 > Self.rounding }) {
            throw .brokenAnswer("\(value) is the log-probability of a token")
        }
        for reason in [finishReason, stopReason ?? ""] where reason.utf8.count > Self.longestReason
        {
            throw .brokenAnswer("a finish or stop reason of \(reason.utf8.count) bytes")
        }
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
                if detail == "cached_tokens", let count = try scanner.count() {
                    cachedTokenCount = count
                } else if detail != "cached_tokens" {
                    try scanner.skipValue()
                }
            }
        }
    }
}
