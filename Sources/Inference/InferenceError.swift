public import HTTP

/// Why the engine did not do what it was asked.
public struct InferenceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public enum Cause: Error, Sendable, Hashable {
        /// No connection to the server.
        case unreachable(String)
        /// No complete answer within the deadline.
        case timedOut(String)
        /// The connection ended in the middle of an answer.
        case cut(String)
        /// An answer that is no HTTP, larger than allowed, or not to be had otherwise.
        case transport(String)
        /// The task was cancelled.
        case cancelled
        /// An error status that has no case of its own, with the server's message.
        case status(Int, message: String)
        /// The prompt does not fit into the model's context.
        case contextExceeded(promptTokens: Int?, limit: Int?, message: String)
        /// The server could not apply the model's chat template.
        case chatTemplate(String)
        /// The body is not JSON.
        case invalidJSON(offset: Int, reason: String)
        /// A field is missing or has another type than it must have.
        case missingField(String)
        /// A field has a value that no completion has: retrying would give it again.
        case brokenAnswer(String)
        /// As many log-probabilities as ids are needed.
        case lengthMismatch(ids: Int, logProbabilities: Int)
        /// The configuration of the engine cannot work.
        case invalidOptions(String)
        /// The server did not get ready; with the last lines of its log.
        case startFailed(reason: String, log: [String])
        /// The engine failed for good, or was stopped.
        case engineLost(String)
    }

    /// What was asked for.
    public let operation: String
    /// The server; nil when there is none yet.
    public let endpoint: HTTPEndpoint?
    /// What went wrong.
    public let cause: Cause
    /// Times the call was sent again before this was its end.
    public internal(set) var retryCount = 0

    /// A failure of `operation` at `endpoint`.
    public init(operation: String, endpoint: HTTPEndpoint?, cause: Cause) {
        self.operation = operation
        self.endpoint = endpoint
        self.cause = cause
    }

    /// Whether the same call can succeed when it is sent again.
    public var isRetryable: Bool {
        switch cause {
        case .unreachable, .timedOut, .cut, .transport, .invalidJSON, .missingField,
            .lengthMismatch:
            true
        case .status(let code, _): code >= 500 || code == 408 || code == 429
        case .cancelled, .contextExceeded, .chatTemplate, .brokenAnswer, .invalidOptions,
            .startFailed, .engineLost:
            false
        }
    }

    /// Whether the engine is lost for good: the rank gives its work back.
    public var isEngineLost: Bool {
        if case .engineLost = cause { true } else { false }
    }

    /// One line: operation, endpoint, cause; after a failed start the server's last lines follow.
    public var description: String {
        "\(operation)\(endpoint.map { " at \($0)" } ?? ""): \(cause)"
    }
}

extension InferenceError.Cause: CustomStringConvertible {
    /// The cause in one line; after a failed start the server's last lines follow.
    public var description: String {
        switch self {
        case .unreachable(let reason): "the engine cannot be reached: \(reason)"
        case .timedOut(let reason): "the engine did not answer in time: \(reason)"
        case .cut(let reason): "the engine's answer was cut: \(reason)"
        case .transport(let reason): reason
        case .cancelled: "cancelled"
        case .status(let code, let message): "the engine answered \(code): \(message)"
        case .contextExceeded(_, _, let message): "the prompt exceeds the context: \(message)"
        case .chatTemplate(let message): "the chat template failed: \(message)"
        case .invalidJSON(let offset, let reason):
            "the engine's answer is not JSON: \(reason) at byte \(offset)"
        case .missingField(let field): "the engine's answer lacks '\(field)' or its type is wrong"
        case .brokenAnswer(let reason):
            "the engine's answer cannot be right: \(reason); look at the engine's log, and try the model alone"
        case .lengthMismatch(let ids, let logProbabilities):
            "the engine's answer has \(ids) ids and \(logProbabilities) log-probabilities"
        case .invalidOptions(let reason): reason
        case .startFailed(let reason, let log):
            ([reason] + log.map { "    " + $0 }).joined(separator: "\n")
        case .engineLost(let reason): "the engine is lost: \(reason)"
        }
    }
}

extension InferenceError {
    /// A failure below HTTP, in the terms of this module.
    init(_ error: HTTPError, operation: String) {
        let cause: Cause =
            switch error.cause {
            case .timedOut: .timedOut("\(error.cause)")
            case .connectionFailed(let reason): .unreachable(reason)
            case .cut(let reason): .cut(reason)
            case .closed: .cut("the engine is being restarted")
            case .cancelled: .cancelled
            case .malformed, .tooLarge, .failed: .transport("\(error.cause)")
            }
        self.init(operation: operation, endpoint: error.endpoint, cause: cause)
    }
}
