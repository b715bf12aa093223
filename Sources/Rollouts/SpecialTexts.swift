// A tokenizer turns the text of a control token into that token, wherever the text stands. What a statement or
// a program's output says must stay text, so such texts are broken before they are tokenised.

/// The texts that a model's tokenizer takes for control tokens.
public struct SpecialTexts: Hashable, Sendable {
    /// Usual texts, for a model whose own are not known.
    private static let usual = [
        "<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>",
        "<tools>", "</tools>", "<s>", "</s>", "<unk>", "<pad>", "<bos>", "<eos>", "<mask>",
        "<start_of_turn>", "<end_of_turn>", "[INST]", "[/INST]", "[TOOL_CALLS]", "[TOOL_RESULTS]",
        "[/TOOL_RESULTS]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[SYSTEM_PROMPT]",
        "[/SYSTEM_PROMPT]", "[gMASK]", "<sop>", "<eop>", "[BOS]", "[EOS]", "[PAD]", "[UNK]",
    ]
    /// The bars of `<|name|>`, in ASCII and as DeepSeek's models have them.
    private static let bars = ["|", "\u{ff5c}"].map { Array($0.utf8) }
    /// Letters, digits and signs of a name between bars, at most.
    private static let longestName = 64

    /// By their first byte; longer ones first.
    private let texts: [UInt8: [[UInt8]]]
    /// Whether `<|name|>` counts, whatever the name is.
    private let countsEveryName: Bool

    /// Usual texts, and `<|name|>` for every name of two or more letters, digits, `_` and `-`.
    public init() { self.init(Self.usual, countsEveryName: true) }

    /// The texts of one model alone; those without two characters or of white space are left out.
    public init(of texts: some Sequence<String>) { self.init(texts, countsEveryName: false) }

    private init(_ texts: some Sequence<String>, countsEveryName: Bool) {
        self.countsEveryName = countsEveryName
        let breakable = Set(texts).filter { text in
            text.unicodeScalars.count > 1 && !text.allSatisfy(\.isWhitespace)
        }
        self.texts = Dictionary(grouping: breakable.map { Array($0.utf8) }) { $0[0] }
            .mapValues { texts in
                texts.sorted { left, right in
                    left.count == right.count
                        ? left.lexicographicallyPrecedes(right) : left.count > right.count
                }
            }
    }

    /// `text` with a space behind the first character of each special text: `< |im_end|>`.
    ///
    /// Takes time proportional to the length of `text`.
    ///
    /// - Returns: the text, and how many special texts were broken.
    public func neutralized(_ text: String) -> (text: String, count: Int) {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var count = 0
        var copied = 0
        for place in bytes.indices where isSpecial(bytes, at: place) {
            count += 1
            let end = place + Self.characterLength(bytes[place])
            result += bytes[copied..<end]
            result.append(UInt8(ascii: " "))
            copied = end
        }
        guard count > 0 else { return (text, 0) }
        return (String(decoding: result + bytes[copied...], as: UTF8.self), count)
    }

    private func isSpecial(_ bytes: [UInt8], at place: Int) -> Bool {
        if let candidates = texts[bytes[place]] {
            for text in candidates where bytes[place...].starts(with: text) { return true }
        }
        return countsEveryName && bytes[place] == UInt8(ascii: "<")
            && Self.bars.contains { Self.isNamed(bytes[(place + 1)...], by: $0) }
    }

    /// Whether a name between two bars and `>` comes next.
    private static func isNamed(_ bytes: ArraySlice<UInt8>, by bar: [UInt8]) -> Bool {
        guard bytes.starts(with: bar) else { return false }
        let rest = bytes.dropFirst(bar.count)
        let name = rest.prefix(longestName).prefix { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                // As in `<｜end▁of▁sentence｜>`.
                || "_-▁".utf8.contains(byte)
        }
        return name.count > 1 && rest.dropFirst(name.count).starts(with: bar + [UInt8(ascii: ">")])
    }

    /// Bytes of the character whose first byte is `byte`.
    private static func characterLength(_ byte: UInt8) -> Int {
        byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    }
}
