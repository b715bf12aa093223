/// What a model copies from its instructions instead of an answer.
enum Placeholder {
    /// Whether the content of a box stands for an answer that is not given.
    static func isPlaceholder(_ content: String) -> Bool {
        guard content.utf8.count <= 60 else { return false }
        let text = content.lowercased()
        let commands = text.matches(of: /\\([a-z]+)/).map { String($0.1) }
        guard commands.allSatisfy({ silent.contains($0) }) else { return false }
        let rest = text.replacing(/\\[a-z]+/, with: "")
        let words = rest.split { !$0.isLetter && !$0.isNumber }
        if words.isEmpty { return rest.allSatisfy { " .,…_?{}$~-".contains($0) } }
        return words.allSatisfy { known.contains($0) }
            && words.contains { placeholders.contains($0) }
    }

    /// Commands that show no value.
    private static let silent: Set<String> = [
        "text", "textbf", "mathrm", "mbox", "ldots", "dots", "cdots", "quad", "hspace", "underline",
    ]
    private static let known: Set<Substring> = [
        "answer", "your", "the", "final", "here", "insert", "put", "result", "solution", "value",
        "goes", "my", "in", "this", "box",
    ]
    private static let placeholders: Set<Substring> = ["answer", "result", "solution"]
}
