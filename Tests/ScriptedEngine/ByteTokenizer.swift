/// Bytes as tokens, and a handful of special tokens: every text has ids, and every id a text.
public enum ByteTokenizer {
    /// The special tokens; their ids follow the 256 bytes.
    public static let specials = [
        "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>", "<think>",
        "</think>",
    ]

    /// Number of ids.
    public static var vocabularySize: Int { 256 + specials.count }

    /// The id that ends a model's turn.
    public static let endOfTurn: Int32 = 258

    /// The ids of `text`; a special token's text becomes its one id.
    public static func ids(_ text: String) -> [Int32] {
        var ids: [Int32] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first == "<", let index = specials.firstIndex(where: { rest.hasPrefix($0) }) {
                ids.append(Int32(256 + index))
                rest = rest.dropFirst(specials[index].count)
            } else {
                ids += String(first).utf8.map { Int32($0) }
                rest = rest.dropFirst()
            }
        }
        return ids
    }

    /// The text of `ids`; bytes that are no UTF-8 become U+FFFD, as servers do it.
    public static func text(_ ids: some Sequence<Int32>) -> String {
        var bytes: [UInt8] = []
        for id in ids {
            if let byte = UInt8(exactly: id) {
                bytes.append(byte)
            } else if specials.indices.contains(Int(id) - 256) {
                bytes += Array(specials[Int(id) - 256].utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The prompt of a conversation, in the usual form, ready for the model's turn.
    public static func prompt(_ messages: [(role: String, content: String)]) -> String {
        messages.map { "<|im_start|>\($0.role)\n\($0.content)<|im_end|>\n" }.joined()
            + "<|im_start|>assistant\n"
    }
}
