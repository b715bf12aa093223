private import Foundation
public import HTTP

/// The calls of one OpenAI-compatible server that speaks token ids.
///
/// It sends each call once; ``Engine`` decides whether to send it again.
public final class EngineClient: Sendable {
    /// The server.
    public let endpoint: EngineEndpoint
    /// Name that the model is served under.
    public let model: String
    /// Longest wait for one completion.
    public let requestTimeout: Duration
    /// Longest wait for everything that generates nothing.
    public let shortTimeout: Duration

    let http: HTTPClient

    /// A client of the server at `endpoint`.
    public init(
        endpoint: EngineEndpoint,
        model: String,
        http: HTTPClient,
        requestTimeout: Duration,
        shortTimeout: Duration = .seconds(60)
    ) {
        self.endpoint = endpoint
        self.model = model
        self.http = http
        self.requestTimeout = requestTimeout
        self.shortTimeout = min(requestTimeout, shortTimeout)
    }

    // MARK: Tokens

    /// The ids of `messages` under the model's chat template, ready for the model's turn.
    ///
    /// - Throws: ``InferenceError``, in particular ``InferenceError/Cause/chatTemplate(_:)``.
    public func promptIDs(
        _ messages: [ChatMessage],
        model: String? = nil
    ) async throws(InferenceError) -> [Int32] {
        let body = JSONText.object { text in
            text.key("model")
            text.value(model ?? self.model)
            text.key("messages")
            text.array { text in
                for message in messages {
                    text.object { text in
                        text.key("role")
                        text.value(message.role)
                        text.key("content")
                        text.value(message.content)
                    }
                }
            }
            text.key("add_generation_prompt")
            text.value(true)
        }
        let operation = "tokenising a prompt"
        do throws(InferenceError) {
            let ids = try await tokenized(body, operation: operation)
            guard !ids.isEmpty else {
                throw InferenceError(
                    operation: operation,
                    endpoint: endpoint,
                    cause: .brokenAnswer("a prompt of no tokens")
                )
            }
            return ids
        } catch {
            // The only thing that the request leaves to the server is the template.
            guard case .status(400, let message) = error.cause else { throw error }
            throw InferenceError(
                operation: operation,
                endpoint: endpoint,
                cause: .chatTemplate(message)
            )
        }
    }

    /// The ids of `text` alone, without a beginning or end that the tokenizer might add.
    public func tokenIDs(
        _ text: String,
        model: String? = nil
    ) async throws(InferenceError) -> [Int32] {
        if text.isEmpty { return [] }
        let body = JSONText.object { json in
            json.key("model")
            json.value(model ?? self.model)
            json.key("prompt")
            json.value(text)
            json.key("add_special_tokens")
            json.value(false)
        }
        return try await tokenized(body, operation: "tokenising text")
    }

    private func tokenized(
        _ body: JSONBody,
        operation: String
    ) async throws(InferenceError) -> [Int32] {
        let reply = try await post("/tokenize", body, operation: operation, timeout: shortTimeout)
        do throws(InferenceError.Cause) {
            return try TokenizeReply(reply).tokens
        } catch {
            throw InferenceError(operation: operation, endpoint: endpoint, cause: error)
        }
    }

    // MARK: Completions

    /// Draws the tokens that follow `ids`.
    ///
    /// - Parameters:
    ///   - ids: the whole context, sent as it is. Shape `[P]`, `P >= 1`.
    ///   - parameters: how to draw.
    ///   - model: name of a loaded adapter; nil for the client's own model.
    /// - Returns: what was drawn, checked for completeness.
    /// - Throws: ``InferenceError``, in particular
    ///   ``InferenceError/Cause/contextExceeded(promptTokens:limit:message:)``.
    public func complete(
        _ ids: [Int32],
        _ parameters: SamplingParameters,
        model: String? = nil
    ) async throws(InferenceError) -> Completion {
        try await complete(
            ids,
            parameters,
            model: model,
            operation: "completion",
            timeout: requestTimeout
        )
    }

    private func complete(
        _ ids: [Int32],
        _ parameters: SamplingParameters,
        model: String?,
        operation: String,
        timeout: Duration
    ) async throws(InferenceError) -> Completion {
        let start = ContinuousClock.now
        let model = model ?? self.model
        let reply = try await post(
            "/v1/completions",
            parameters.request(model: model, prompt: ids),
            operation: operation,
            timeout: timeout
        )
        do throws(InferenceError.Cause) {
            return try CompletionReply(reply).completion(
                wallSeconds: (ContinuousClock.now - start).seconds,
                promptCount: ids.count,
                maxTokens: parameters.maxTokens
            )
        } catch {
            throw InferenceError(operation: operation, endpoint: endpoint, cause: error)
        }
    }

    /// Makes the model generate one token, so that an engine that only seems alive is found out.
    ///
    /// - Parameter timeout: longest wait.
    /// - Throws: ``InferenceError`` when no token comes.
    public func probe(timeout: Duration) async throws(InferenceError) {
        let one = SamplingParameters(temperature: 0, maxTokens: 1, seed: 0)
        let completion = try await complete(
            [1],
            one,
            model: nil,
            operation: "probe",
            timeout: timeout
        )
        guard completion.ids.count == 1 else {
            throw InferenceError(
                operation: "probe",
                endpoint: endpoint,
                cause: .missingField("choices[0].token_ids[0]")
            )
        }
    }

    // MARK: Plumbing

    func post(
        _ path: String,
        _ body: JSONBody,
        operation: String,
        timeout: Duration
    ) async throws(InferenceError) -> [UInt8] {
        try await send(
            .post(path, at: endpoint, body: body, deadline: timeout),
            operation: operation
        )
    }

    func get(
        _ path: String,
        operation: String,
        timeout: Duration? = nil
    ) async throws(InferenceError) -> [UInt8] {
        try await send(
            .get(path, at: endpoint, deadline: timeout ?? shortTimeout),
            operation: operation
        )
    }

    private func send(
        _ request: HTTPRequest,
        operation: String
    ) async throws(InferenceError) -> [UInt8] {
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await http.send(request)
        } catch {
            throw InferenceError(error, operation: operation)
        }
        guard response.status == 200 else {
            throw InferenceError(
                operation: operation,
                endpoint: endpoint,
                cause: ServerComplaint.cause(response)
            )
        }
        return response.body
    }

    func decode<Reply: Decodable>(
        _ body: [UInt8],
        operation: String,
        as type: Reply.Type
    ) throws(InferenceError) -> Reply {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw InferenceError(
                operation: operation,
                endpoint: endpoint,
                cause: .init(decoding: error)
            )
        }
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
