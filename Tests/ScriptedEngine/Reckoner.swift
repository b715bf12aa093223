// A model that needs its tool: each snippet goes on with a variable of the one before, so that an
// answer is right only when the interpreter has kept, or got back, its state.

extension Scripts {
    /// Counts with the tool and gives the last number that it printed.
    ///
    /// The first call's seed chooses the start, and the start how many snippets there are, 1...5. The
    /// snippets also print random numbers, which repeat only with the same seeded interpreter. The
    /// prompt must have neither `<tool_call>` nor ```` ```output ````.
    public static let reckoner: Script = { call in
        let text = ByteTokenizer.text(call.prompt)
        let callCount = text.ranges(of: "<tool_call>").count
        guard callCount > 0, let start = number(after: "total = ", in: text) else {
            let first = Int(call.seed % 997)
            return snippet("import random\ntotal = \(first)")
        }
        if callCount < snippetCount(start) { return snippet("total = total * 3 + \(callCount)") }
        let output = text.ranges(of: "```output\n").last.map { text[$0.upperBound...] } ?? ""
        let answer = output.prefix { $0.isNumber }
        return .text("The total is \\boxed{\(answer)}.")
    }

    /// What the ``reckoner`` answers when it starts from `seed` and all its snippets run.
    public static func reckonerAnswer(seed: UInt64) -> Int {
        let start = Int(seed % 997)
        return (1..<snippetCount(start)).reduce(start) { $0 * 3 + $1 }
    }

    private static func snippetCount(_ start: Int) -> Int { 1 + start % 5 }

    private static func snippet(_ source: String) -> ScriptedReply {
        .text("Next step.\n<tool_call>\n\(source)\nprint(total, random.random())\n</tool_call>")
    }

    private static func number(after marker: String, in text: String) -> Int? {
        guard let range = text.ranges(of: marker).first else { return nil }
        return Int(text[range.upperBound...].prefix { $0.isNumber })
    }
}
