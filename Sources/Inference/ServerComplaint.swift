private import Foundation
internal import HTTP

/// What an error status of the server means.
enum ServerComplaint {
    /// The cause behind an answer whose status is not 200.
    static func cause(_ response: HTTPResponse) -> InferenceError.Cause {
        let message = message(in: response.body)
        guard response.status == 400 else { return .status(response.status, message: message) }
        let words = message.lowercased()
        // A prompt that fills the context exactly leaves room for no token; at least one is always
        // asked for, so nothing else can lead to the second message.
        if words.contains("maximum context length") || words.contains("maximum model length")
            || words.contains("max_tokens must be at least 1")
        {
            return contextExceeded(message)
        }
        return .status(400, message: message)
    }

    private static func contextExceeded(_ message: String) -> InferenceError.Cause {
        let limit = number(in: message, between: "maximum context length is ", and: " tokens")
        let prompt = number(in: message, between: "prompt contains ", and: " input")
        return .contextExceeded(promptTokens: prompt, limit: limit, message: message)
    }

    private static func number(in text: String, between start: String, and end: String) -> Int? {
        guard let first = text.range(of: start),
            let last = text.range(of: end, range: first.upperBound..<text.endIndex)
        else { return nil }
        return Int(text[first.upperBound..<last.lowerBound])
    }

    /// The server's message, from JSON where it is JSON; one line of at most 500 characters.
    static func message(in body: [UInt8]) -> String {
        struct Reply: Decodable {
            struct Failure: Decodable { let message: String }
            let error: Failure?
            let message: String?
        }
        let text: String
        do {
            let reply = try JSONDecoder().decode(Reply.self, from: Data(body))
            text = reply.error?.message ?? reply.message ?? String(decoding: body, as: UTF8.self)
        } catch {
            text = String(decoding: body, as: UTF8.self)
        }
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 500 ? line.prefix(500) + "..." : line
    }
}

extension InferenceError.Cause {
    /// What a failed decoding of a small answer means.
    init(decoding error: any Error) {
        switch error {
        case DecodingError.keyNotFound(let key, _): self = .missingField(key.stringValue)
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            self = .missingField(context.codingPath.map(\.stringValue).joined(separator: "."))
        default: self = .invalidJSON(offset: 0, reason: "no JSON value")
        }
    }
}
