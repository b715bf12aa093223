/// Tells a line of English from a line of Python, by its first words.
///
/// Where the marks leave it open, this decides whether a mark was meant or only mentioned.
enum ProseLine {
    /// Words that begin a statement, with what else the line then has.
    private static let statements: [String: String] = [
        "import": "", "from": "import", "del": "", "pass": "", "return": "", "assert": "",
        "raise": "", "global": "", "nonlocal": "", "yield": "", "await": "", "not": "",
        "lambda": ":", "def": ":", "class": ":", "for": ":", "while": ":", "if": ":", "elif": ":",
        "else": ":", "with": ":", "try": ":", "except": ":", "finally": ":", "async": ":",
        "match": ":", "case": ":", "type": "=",
    ]
    private static let infixes: Set = ["in", "is", "and", "or", "not", "if", "else", "for", "as"]
    private static let joints: Set = ["and", "or", "to", "then", "with", "the", "tag", "tags"]
    /// Characters of a line that are looked at.
    private static let lookedAt = 200
    private static let punctuation = ",.;:!?)"

    /// Whether `line` begins as prose: two words that no statement has side by side, one word with the
    /// punctuation of a sentence, or that punctuation.
    static func isProse(_ line: Substring) -> Bool {
        let line = line.prefix(lookedAt).withoutSpaces
        guard let sign = line.first else { return false }
        if punctuation.contains(sign) { return line.dropFirst().first?.isNumber != true }
        let words = line.split { $0.isWhitespace }
        guard isWord(words[0]) else { return false }
        if let rest = statements[bare(words[0])] {
            if words.count < 3 || rest.isEmpty || line.dropFirst(words[0].count).contains(rest) {
                return false
            }
        }
        guard words.count > 1 else { return words[0].last.map { ".!?:".contains($0) } ?? false }
        // As in "it's".
        if bare(words[0]).contains(where: { "'’".contains($0) }) { return true }
        guard isWord(words[1]), !isNames(line) else { return false }
        let infix = bare(words[1])
        guard infixes.contains(infix) else { return true }
        // No expression has a comma in front of an infix, or a full stop at its end.
        if infix != "not", words[0].last.map(punctuation.contains) ?? false { return true }
        if line.last == "." { return true }
        return words.count > 3 && isWord(words[2]) && isWord(words[3])
            && !infixes.contains(bare(words[3]))
    }

    /// Whether nothing stands between two tags but a word that joins them, or dots.
    static func joins(_ text: Substring) -> Bool {
        let words = text.split { $0.isWhitespace || "`,.…".contains($0) }
        return !text.isBlank && words.allSatisfy { joints.contains(String($0)) }
    }

    /// Whether the line is names with commas between them, or begins with these and an equals sign.
    private static func isNames(_ line: Substring) -> Bool {
        let names = line.prefix { $0 != "=" }.split(separator: ",")
        return names.allSatisfy { $0.split { $0.isWhitespace }.count == 1 }
            && !".;:!?)".contains(line.last ?? " ")
    }

    private static func bare(_ word: Substring) -> String {
        String(word.prefix { !punctuation.contains($0) })
    }

    private static func isWord(_ word: Substring) -> Bool {
        let letters = bare(word)
        return !letters.isEmpty && letters.allSatisfy { $0.isLetter || "'’-".contains($0) }
            && word.dropFirst(letters.count).allSatisfy { punctuation.contains($0) }
    }
}
