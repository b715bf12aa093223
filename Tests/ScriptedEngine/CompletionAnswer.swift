/// The answer to one completion call, with the fields and the weight of vLLM's.
struct CompletionAnswer {
    let call: CompletionCall
    let ids: [Int32]
    let logProbabilities: [Float]
    let text: String
    let finishReason: String
    let stopReason: String?

    /// Applies the call's limit, stop texts and the end-of-turn token to what the script says.
    init(_ call: CompletionCall, reply: ScriptedReply, room: Int) {
        var ids: [Int32] = []
        var finish = ("length", String?.none)
        let limit = min(call.maxTokens, room)
        let longestStop = call.stop.map(\.utf8.count).max() ?? 0
        for id in reply.ids.prefix(limit) {
            ids.append(id)
            if id == ByteTokenizer.endOfTurn {
                finish = ("stop", nil)
                break
            }
            if call.stop.isEmpty { continue }
            let tail = ByteTokenizer.text(ids.suffix(longestStop + 4))
            if let word = call.stop.first(where: { tail.hasSuffix($0) }) {
                finish = ("stop", word)
                break
            }
        }
        // A script that says less than it may has come to its end by itself.
        if finish.0 == "length", reply.ids.count < limit { finish = ("stop", nil) }
        self.call = call
        self.ids = ids
        text = ByteTokenizer.text(ids)
        (finishReason, stopReason) = finish
        logProbabilities = ids.enumerated().map { position, id in
            reply.logProbabilities?[position] ?? ScriptedReply.logProbability(of: id, at: position)
        }
    }

    func body(
        without missing: String?,
        others: [String: String] = [:],
        fewerLogProbabilities: Bool
    ) -> String {
        func object(_ members: [(String, String)]) -> String {
            let kept = members.filter { $0.0 != missing }
                .map { #""\#($0.0)":\#(others[$0.0] ?? $0.1)"# }
            return "{" + kept.joined(separator: ",") + "}"
        }
        let values =
            fewerLogProbabilities ? Array(logProbabilities.dropLast()) : logProbabilities
        let tokens = ids.map { Answer.quoted(ByteTokenizer.text([$0])) }
        let list = { (items: [String]) in "[" + items.joined(separator: ",") + "]" }
        let logprobs: [(String, String)] = [
            ("text_offset", list(ids.indices.map { "\($0)" })),
            ("token_logprobs", list(values.map { "\($0)" })),
            ("tokens", list(tokens)),
            ("top_logprobs", list(zip(tokens, values).map { "{\($0):\($1)}" })),
        ]
        let choice: [(String, String)] = [
            ("index", "0"), ("text", Answer.quoted(text)),
            ("logprobs", object(logprobs)),
            ("finish_reason", Answer.quoted(finishReason)),
            ("stop_reason", stopReason.map(Answer.quoted) ?? "null"),
            ("token_ids", list(ids.map { "\($0)" })), ("prompt_logprobs", "null"),
            ("prompt_token_ids", list(call.prompt.map { "\($0)" })), ("routed_experts", "null"),
        ]
        let total = call.prompt.count + ids.count
        let usage: [(String, String)] = [
            ("prompt_tokens", "\(call.prompt.count)"), ("total_tokens", "\(total)"),
            ("completion_tokens", "\(ids.count)"),
            (
                "prompt_tokens_details",
                object([("cached_tokens", "\(call.prompt.count / 16 * 16)")])
            ),
        ]
        return object(
            [
                ("id", #""cmpl-0""#), ("object", #""text_completion""#), ("created", "0"),
                ("model", Answer.quoted(call.model)),
                ("choices", "[" + object(choice) + "]"),
                ("service_tier", "null"), ("usage", object(usage)),
            ]
        )
    }
}
