import Foundation
import Testing

@testable import Inference

@Suite struct JSONTextTests {
    @Test func anyTextReadsBack() throws {
        let texts = [
            "", "plain", "\"\\/", "\u{0}\u{1}\u{1f}\n\r\t\u{7f}", "é€😀", "</tool_call>",
            String(repeating: "\n", count: 1000),
        ]
        let text = JSONText.object { text in
            text.key("list")
            text.array { list in for item in texts { list.value(item) } }
        }
        let object = try JSONSerialization.jsonObject(with: Data(text.bytes))
        #expect((object as? [String: [String]])?["list"] == texts)
    }

    @Test(arguments: [
        [], [0], [7, 10, 99, 100], [999_999, 1_000_000], [99_999_999, 100_000_000, Int32.max],
        [-1, Int32.min],
    ])
    func idsReadBack(_ ids: [Int32]) throws {
        let text = JSONText.object { text in
            text.key("before")
            text.value(true)
            text.key("ids")
            text.value(ids)
            text.key("after")
            text.value(Int64(1))
        }
        let object = try JSONSerialization.jsonObject(with: Data(text.bytes))
        let body = try #require(object as? [String: Any])
        #expect(body["ids"] as? [Int32] == ids)
        #expect(body.count == 3)
    }

    @Test func requestHoldsExactlyWhatIsAsked() throws {
        let parameters = SamplingParameters(
            temperature: 0.7,
            topP: 0.95,
            topK: 20,
            maxTokens: 100,
            stop: ["</tool_call>", "\n"],
            seed: UInt64(Int64.max)
        )
        let text = parameters.request(model: "a \"model\"", prompt: [1, 0, 151_643])
        let object = try JSONSerialization.jsonObject(with: Data(text.bytes))
        let body = try #require(object as? [String: Any])
        #expect(body["model"] as? String == "a \"model\"")
        #expect(body["prompt"] as? [Int32] == [1, 0, 151_643])
        #expect(body["temperature"] as? Double == 0.7)
        #expect(body["top_p"] as? Double == 0.95)
        #expect(body["top_k"] as? Int == 20)
        #expect(body["max_tokens"] as? Int == 100)
        #expect(body["stop"] as? [String] == ["</tool_call>", "\n"])
        #expect(body["seed"] as? Int64 == Int64.max)
        #expect(body["logprobs"] as? Int == 0)
        #expect(body["return_token_ids"] as? Bool == true)
        #expect(body["include_stop_str_in_output"] as? Bool == true)
        #expect(body["repetition_penalty"] as? Double == 1)
    }

    @Test func emptyPromptAndNoStopAreValidJSON() throws {
        let parameters = SamplingParameters(temperature: 0, maxTokens: 1, seed: 0)
        let text = parameters.request(model: "m", prompt: [])
        let object = try JSONSerialization.jsonObject(with: Data(text.bytes))
        let body = try #require(object as? [String: Any])
        #expect(body["prompt"] as? [Int32] == [])
        #expect(body["stop"] == nil)
    }
}
