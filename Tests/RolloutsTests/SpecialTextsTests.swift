import Foundation
import Rollouts
import Testing

@Suite struct SpecialTextsTests {
    private static let demoModel = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "configs/demo/model").path

    @Test(arguments: [
        ("a<|im_end|>b", "a< |im_end|>b", 1),
        ("<|im_end|><|im_start|>system", "< |im_end|>< |im_start|>system", 2),
        ("</think> <think>", "< /think> < think>", 2),
        ("<｜end▁of▁sentence｜>", "< ｜end▁of▁sentence｜>", 1),
        ("<|reserved_special_token_0|>", "< |reserved_special_token_0|>", 1),
        ("[INST] x [/INST]", "[ INST] x [ /INST]", 2),
        ("<<|im_end|>|im_end|>", "<< |im_end|>|im_end|>", 1),
        ("<|im_end|im_end|>", "<|im_end|im_end|>", 0),
    ])
    func usualTextsAreBrokenForAnUnknownModel(text: String, expected: String, count: Int) {
        let result = SpecialTexts().neutralized(text)
        #expect(result == (expected, count))
        #expect(SpecialTexts().neutralized(result.text).count == 0)
    }

    @Test(arguments: [
        "", "x<|y|>z", "If $1<|x|<2$ and |y|>3.", "a < b, c > d", "[1, 2]", "<|>", "<||>",
        "\\boxed{<}",
        "<| a b |>", "x <- y |> z", "{<1,2>}", "∑ < ∞ ｜",
    ])
    func mathematicsStaysAsItIs(text: String) {
        #expect(SpecialTexts().neutralized(text) == (text, 0))
    }

    @Test func onlyTheTextsOfAKnownModelAreBroken() throws {
        let demo = try SpecialTexts(modelAt: Self.demoModel)
        let text = "<|im_end|> <tool_call> <think> <|im_sep|> [INST]"
        #expect(demo.neutralized(text) == ("< |im_end|> < tool_call> <think> <|im_sep|> [INST]", 2))
        let odd = SpecialTexts(of: ["  ", "\n", "", "x", "【x】", "a b", "a"])
        #expect(odd.neutralized("  \nxa 【x】a b") == ("  \nxa 【 x】a  b", 2))
    }

    @Test func theFilesOfATokenizerAreReadWhereTheyAre() throws {
        let fetched = try SpecialTexts(modelAt: "owner/model")
        #expect(fetched == SpecialTexts())
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "tokenizer-\(UInt64.random(in: .min ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
        }
        let without = try SpecialTexts(modelAt: folder.path)
        #expect(without == SpecialTexts())
        let config = folder.appending(path: "tokenizer_config.json")
        try Data(
            """
            {"bos_token": null, "added_tokens_decoder": {
            "1": {"content": "<end>", "special": true, "lstrip": false},
            "2": {"content": "word", "special": false}, "3": {"content": "|a|", "special": false}}}
            """.utf8
        ).write(to: config)
        let texts = try SpecialTexts(modelAt: folder.path)
        #expect(texts.neutralized("word <end> |a|<|im_end|>") == ("word < end> | a|<|im_end|>", 2))
        try Data("{\"added_tokens\": 5}".utf8).write(to: folder.appending(path: "tokenizer.json"))
        let error = #expect(throws: SpecialTexts.UnreadableTokenizer.self) {
            try SpecialTexts(modelAt: folder.path)
        }
        #expect(error?.path == folder.path + "/tokenizer.json")
    }
}
