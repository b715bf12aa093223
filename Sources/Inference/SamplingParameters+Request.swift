internal import HTTP

extension SamplingParameters {
    /// The body of a `/v1/completions` call that sends ids and gets ids back.
    ///
    /// `logprobs: 0` asks for the sampled token's own log-probability and no other. Ids of special
    /// tokens come back in any case; keeping them in the text as well makes a tool call whose tags
    /// are special tokens readable. A stop text, or the end-of-sequence token's, stays in the
    /// text, because its ids stay in the ids.
    func request(model: String, prompt: [Int32]) -> JSONBody {
        JSONText.object { text in
            text.key("model")
            text.value(model)
            text.key("prompt")
            text.value(prompt)
            text.key("max_tokens")
            text.value(Int64(maxTokens))
            text.key("temperature")
            text.value(temperature)
            text.key("top_p")
            text.value(topP)
            text.key("top_k")
            text.value(Int64(topK))
            // A server may have other defaults for these, from the model's own configuration.
            for (name, value) in Self.neutral {
                text.key(name)
                text.value(value)
            }
            text.key("seed")
            text.value(Int64(seed))
            if !stop.isEmpty {
                text.key("stop")
                text.array { text in for word in stop { text.value(word) } }
            }
            text.key("include_stop_str_in_output")
            text.value(true)
            text.key("logprobs")
            text.value(Int64(0))
            text.key("return_token_ids")
            text.value(true)
            text.key("skip_special_tokens")
            text.value(false)
            text.key("spaces_between_special_tokens")
            text.value(false)
            text.key("add_special_tokens")
            text.value(false)
        }
    }

    private static let neutral: [(String, Double)] = [
        ("min_p", 0), ("repetition_penalty", 1), ("presence_penalty", 0), ("frequency_penalty", 0),
    ]
}
