private import Foundation

extension EngineClient {
    /// The model as the server names it, and the length of its context.
    public struct ModelCard: Sendable, Hashable {
        /// Name that requests use.
        public let id: String
        /// Most tokens of prompt and completion together, 1 or more.
        public let maxModelLength: Int
    }

    /// No attempt is made meanwhile that would show that the server hangs.
    private static let adapterTimeout = Duration.seconds(600)

    /// The served model.
    ///
    /// - Returns: the card of the client's own model.
    /// - Throws: ``InferenceError/Cause/invalidOptions(_:)`` when the server serves no model of the
    ///   client's name, or does not tell how many tokens it holds.
    public func modelCard() async throws(InferenceError) -> ModelCard {
        struct Reply: Decodable {
            struct Card: Decodable {
                let id: String
                let max_model_len: Int?
                let parent: String?
            }
            let data: [Card]
        }
        let body = try await get("/v1/models", operation: "model list")
        let cards = try decode(body, operation: "model list", as: Reply.self).data
        guard let card = cards.first(where: { $0.id == model }) else {
            let names = cards.map { "'\($0.id)'" }.joined(separator: ", ")
            throw InferenceError(
                operation: "model list",
                endpoint: endpoint,
                cause: .invalidOptions("the server has no model '\(model)', only \(names)")
            )
        }
        // An adapter's own card has no length; that of the model it is for counts.
        let length = card.max_model_len ?? cards.first { $0.id == card.parent }?.max_model_len
        guard let length = length ?? cards.first?.max_model_len, length > 0 else {
            throw InferenceError(
                operation: "model list",
                endpoint: endpoint,
                cause: .invalidOptions(
                    "the server does not tell how many tokens '\(model)' holds (max_model_len), "
                        + "as vLLM does"
                )
            )
        }
        guard length <= Int(Int32.max) else {
            throw InferenceError(
                operation: "model list",
                endpoint: endpoint,
                cause: .brokenAnswer("a context of \(length) tokens (max_model_len)")
            )
        }
        return ModelCard(id: card.id, maxModelLength: length)
    }

    /// The server's version as it names it.
    public func version() async throws(InferenceError) -> String {
        struct Reply: Decodable { let version: String }
        let body = try await get("/version", operation: "version")
        return try decode(body, operation: "version", as: Reply.self).version
    }

    /// How busy the server is.
    public func metrics() async throws(InferenceError) -> EngineMetrics {
        try await metrics(timeout: shortTimeout)
    }

    func metrics(timeout: Duration) async throws(InferenceError) -> EngineMetrics {
        EngineMetrics(exposition: try await get("/metrics", operation: "metrics", timeout: timeout))
    }

    /// Checks that the server answers at all.
    public func health() async throws(InferenceError) {
        _ = try await get("/health", operation: "health")
    }

    /// Loads a LoRA adapter, to be used by its name in later calls.
    ///
    /// - Parameters:
    ///   - name: one that was never used before: a server may reuse cached prefixes of an old
    ///     adapter under the same name.
    ///   - path: the adapter's directory, readable for the server.
    /// - Throws: ``InferenceError`` when the server cannot load it, or not within ten minutes.
    public func loadAdapter(name: String, path: String) async throws(InferenceError) {
        let body = JSONText.object { text in
            text.key("lora_name")
            text.value(name)
            text.key("lora_path")
            text.value(path)
        }
        _ = try await post(
            "/v1/load_lora_adapter",
            body,
            operation: "loading adapter '\(name)'",
            timeout: min(requestTimeout, Self.adapterTimeout)
        )
    }

    /// Unloads an adapter that no call uses any more.
    public func unloadAdapter(name: String) async throws(InferenceError) {
        let body = JSONText.object { text in
            text.key("lora_name")
            text.value(name)
        }
        _ = try await post(
            "/v1/unload_lora_adapter",
            body,
            operation: "unloading adapter '\(name)'",
            timeout: shortTimeout
        )
    }
}
