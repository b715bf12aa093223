import Foundation
import Testing

@testable import Inference

@Suite struct CompletionReplyTests {
    /// An answer of vLLM 0.32.0, byte for byte, but for the text and tokens, which have escapes.
    static let recorded = #"""
        {"id":"cmpl-8296e57a3b819408","object":"text_completion","created":1795308758,"model":"policy",\#
        "choices":[{"index":0,"text":"x\u0001\n\ud83d\ude00 \"q\" 1\u20ac</tool_call>","logprobs":{\#
        "text_offset":[0,0],"token_logprobs":[-4.663712978363037,-4.666472911834717],\#
        "tokens":["","\u0001"],"top_logprobs":[{"":-4.663712978363037},{"\u0001":-4.666472911834717}]},\#
        "finish_reason":"stop","stop_reason":"</tool_call>","token_ids":[448,194],\#
        "prompt_logprobs":null,"prompt_token_ids":[70,71,72],"routed_experts":null}],\#
        "service_tier":null,"system_fingerprint":"vllm-0.32.0-08b2a82c","usage":{"prompt_tokens":3,\#
        "total_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":16,\#
        "created_cache_tokens":null,"multimodal_tokens":null},"completion_tokens_details":null},\#
        "kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}
        """#

    private func completion(
        _ text: String
    ) throws(InferenceError.Cause) -> Completion {
        try CompletionReply(Array(text.utf8)).completion(wallSeconds: 1)
    }

    private func replacing(_ old: String, _ new: String) -> String {
        let changed = Self.recorded.replacingOccurrences(of: old, with: new)
        #expect(changed != Self.recorded, "the recorded answer has no \(old)")
        return changed
    }

    @Test func recordedAnswerIsRead() throws {
        let completion = try completion(Self.recorded)
        #expect(completion.ids == [448, 194])
        #expect(completion.logProbabilities == [-4.663713, -4.666473])
        #expect(completion.text == "x\u{1}\n\u{1f600} \"q\" 1\u{20ac}</tool_call>")
        #expect(completion.finishReason == "stop")
        #expect(completion.stopReason == "</tool_call>")
        #expect(completion.cachedTokenCount == 16)
    }

    @Test func foundationReadsTheSame() throws {
        let object = try JSONSerialization.jsonObject(with: Data(Self.recorded.utf8))
        let root = try #require(object as? [String: Any])
        let choice = try #require((root["choices"] as? [[String: Any]])?.first)
        #expect(choice["text"] as? String == (try completion(Self.recorded)).text)
        #expect(choice["token_ids"] as? [Int32] == [448, 194])
    }

    @Test func endOfSequenceHasNoStopReason() throws {
        let changed = replacing(#""stop_reason":"</tool_call>""#, #""stop_reason":null"#)
        #expect(try completion(changed).stopReason == nil)
    }

    @Test(arguments: [
        (#"ll>\n\n"#, "\n\n"), (#"</tool_call>"#, ""), (#"\u20ac</tool_call>\"\\\", "#, #""\", "#),
        // Nothing in common with the text, or a character that is not whole.
        ("x</tool_call>y", ""), (#">\ufffd"#, ""), ("", ""),
    ])
    func whatTheLastTokenSaysBeyondAStopTextIsKept(token: String, beyond: String) throws {
        let changed = replacing(#"["","\u0001"]"#, #"["a\"b", "\#(token)" ]"#)
        #expect(try completion(changed).text.hasSuffix("1\u{20ac}</tool_call>" + beyond))
        let ended = changed.replacingOccurrences(of: #":"</tool_call>""#, with: ":null")
        #expect(try completion(ended).text.hasSuffix("</tool_call>"))
    }

    @Test(arguments: [
        (#"["a","b\\"]"#, #"b\"#), (#"["\"", "\"\\\"" ] "#, #""\""#), (#"[]"#, nil),
        (#"["a",1]"#, nil),
        (#"[["a"]]"#, nil), ("null", nil), ("1", nil), (#"{"a":"b"}"#, nil), (#"[""]"#, ""),
    ])
    func theLastStringOfAListIsFound(list: String, last: String?) throws {
        var scanner = JSONScanner(Array(list.utf8))
        #expect(try scanner.lastString() == last)
        try scanner.finish()
    }

    @Test(arguments: ["abort", "error"])
    func completionThatTheEngineEndedItselfIsNone(reason: String) {
        let changed = replacing(#""finish_reason":"stop""#, #""finish_reason":"\#(reason)""#)
        #expect(
            throws: InferenceError.Cause.cut(
                "the engine ended the completion itself (finish_reason \(reason))"
            )
        ) { try completion(changed) }
    }

    @Test func stopIDIsWrittenInDecimal() throws {
        let changed = replacing(#""stop_reason":"</tool_call>""#, #""stop_reason":151645"#)
        #expect(try completion(changed).stopReason == "151645")
    }

    @Test func usageIsNotNeeded() throws {
        let changed = replacing(#""cached_tokens":16"#, #""cached_tokens":null"#)
        #expect(try completion(changed).cachedTokenCount == 0)
        let without = replacing(
            #""prompt_tokens_details":{"cached_tokens":16,"created_cache_tokens":null,"multimodal_tokens":null}"#,
            #""prompt_tokens_details":null"#
        )
        #expect(try completion(without).cachedTokenCount == 0)
    }

    @Test(arguments: [
        (#""token_ids""#, "choices[0].token_ids"),
        (#""token_logprobs""#, "choices[0].logprobs.token_logprobs"),
        (#""logprobs""#, "choices[0].logprobs.token_logprobs"),
        (#""text""#, "choices[0].text"),
        (#""finish_reason""#, "choices[0].finish_reason"),
        (#""choices""#, "choices[0].token_ids"),
    ])
    func missingFieldIsNamed(key: String, field: String) {
        let changed = replacing(key + ":", #""other":"#)
        #expect(throws: InferenceError.Cause.missingField(field)) { try completion(changed) }
    }

    @Test func fewerLogProbabilitiesThanIDsAreRefused() {
        let changed = replacing("[-4.663712978363037,-4.666472911834717]", "[-4.6]")
        #expect(throws: InferenceError.Cause.lengthMismatch(ids: 2, logProbabilities: 1)) {
            try completion(changed)
        }
    }

    @Test(arguments: [
        ("[-4.663712978363037,", "[NaN,"), ("[-4.663712978363037,", "[Infinity,"),
        ("[-4.663712978363037,", "[0.5,"), ("[-4.663712978363037,", "[-1e39,"),
        ("[448,194]", "[]"),
        (#""stop","#, "\"" + String(repeating: "s", count: 6_000) + "\","),
        (#""text":"x"#, #""text":""# + String(repeating: "long ", count: 4_000)),
    ])
    func valuesThatNoCompletionHasAreNamed(old: String, new: String) {
        var changed = replacing(old, new)
        if new == "[]" {
            changed = changed.replacing("[-4.663712978363037,-4.666472911834717]", with: "[]")
        }
        let cause = #expect(throws: InferenceError.Cause.self) { try completion(changed) }
        guard case .brokenAnswer? = cause else {
            Issue.record("\(String(describing: cause))")
            return
        }
        #expect("\(String(describing: cause))".utf8.count < 300)
    }

    @Test func moreTokensThanWereAskedForAreRefused() throws {
        let reply = try CompletionReply(Array(Self.recorded.utf8))
        #expect(throws: InferenceError.Cause.brokenAnswer("2 tokens, and 1 were asked for")) {
            try reply.completion(wallSeconds: 0, maxTokens: 1)
        }
    }

    /// A statistic alone does not end an attempt.
    @Test(arguments: [
        ("9223372036854775807", 0), ("-1", 0), ("1e300", 0), ("\"16\"", 0), ("[1]", 0), ("2", 2),
        ("1000", 3),
    ])
    func aCountOfCachedTokensThatCannotBeIsIgnored(value: String, count: Int) throws {
        let changed = replacing("\"cached_tokens\":16", "\"cached_tokens\":" + value)
        let reply = try CompletionReply(Array(changed.utf8))
        #expect(try reply.completion(wallSeconds: 0, promptCount: 3).cachedTokenCount == count)
    }

    @Test func roundingAboveCertaintyIsCertainty() throws {
        let changed = replacing("[-4.663712978363037,", "[1e-6,")
        #expect(try completion(changed).logProbabilities[0] == 0)
    }

    @Test(arguments: [
        ("[448,194]", "[448,-1]"), ("[448,194]", "[448,2147483648]"), ("[448,194]", "[448,1.5]"),
        ("[448,194]", "[448,\"194\"]"), ("[448,194]", "{}"), ("[-4.663712978363037,", "[null,"),
        (#""stop","#, "1,"), (#""text":"x"#, #""text":x""#),
    ])
    func wrongTypesAreRefused(old: String, new: String) {
        guard
            case .invalidJSON? = #expect(
                throws: InferenceError.Cause.self,
                performing: { try completion(replacing(old, new)) }
            )
        else {
            Issue.record("not refused as JSON")
            return
        }
    }

    @Test func everyTruncationIsRefused() {
        let bytes = Array(Self.recorded.utf8)
        for count in bytes.indices {
            #expect(throws: InferenceError.Cause.self) {
                try CompletionReply(Array(bytes[..<count])).completion(wallSeconds: 0)
            }
        }
    }

    /// Changed bytes give an error or a completion whose arrays agree; nothing traps.
    @Test func noMutationTraps() {
        let bytes = Array(Self.recorded.utf8)
        var generator = SplitMix(state: 7)
        let alphabet = Array(#"{}[]",:\u0019-.eE tfn"#.utf8) + [0x00, 0x1f, 0x80, 0xc3, 0xff]
        var readCount = 0
        for _ in 0..<30_000 {
            var mutated = bytes
            for _ in 0...Int.random(in: 0...2, using: &generator) {
                let place = Int.random(in: mutated.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutated[place] = alphabet.randomElement(using: &generator) ?? 0
                case 1: mutated.remove(at: place)
                default: mutated.insert(alphabet.randomElement(using: &generator) ?? 0, at: place)
                }
            }
            do throws(InferenceError.Cause) {
                let completion = try CompletionReply(mutated).completion(wallSeconds: 0)
                #expect(completion.ids.count == completion.logProbabilities.count)
                readCount += 1
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        // Most changes hit fields that nobody reads.
        #expect(readCount > 5000)
    }
}

/// A generator that repeats.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

@Suite struct TokenizeReplyTests {
    @Test func idsAreReadWhateverStandsBesideThem() throws {
        let text =
            #"{"count":3,"max_model_len":2048,"tokens":[70, 0,2147483647],"token_strs":["]",null]}"#
        #expect(try TokenizeReply(Array(text.utf8)).tokens == [70, 0, 2_147_483_647])
        #expect(try TokenizeReply(Array(#"{"tokens":[]}"#.utf8)).tokens == [])
    }

    @Test(arguments: [
        "", "[]", #"{"tokens":[1,]}"#, #"{"tokens":[-1]}"#, #"{"tokens":[2147483648]}"#,
        #"{"tokens":[1.5]}"#, #"{"tokens":"1"}"#, #"{"tokens":[1]}x"#, #"{"count":1}"#,
    ])
    func anythingElseIsAnError(text: String) {
        #expect(throws: InferenceError.Cause.self) { try TokenizeReply(Array(text.utf8)) }
    }
}
