import Foundation

/// A page of the documentation: Markdown in the repository.
struct DocumentationPage: CustomStringConvertible {
    /// A command that a page shows in a block of `sh`.
    struct Command: CustomStringConvertible {
        /// Without its comment, continued lines joined.
        let words: String
        /// Page and line.
        let place: String

        var description: String { "\(place): \(words)" }
    }

    /// Path from the package's root.
    let path: String
    /// Its text, line by line.
    let lines: [String]

    var description: String { path }

    /// Every page that people read: beside the parts of the repository, and in the modules.
    static func all() throws -> [DocumentationPage] {
        let files = FileManager.default.enumerator(atPath: Program.root.path + "/Sources")
        let articles = (files?.compactMap { $0 as? String } ?? [])
            .filter { $0.contains(".docc/") && $0.hasSuffix(".md") }.sorted()
        let beside = ["README.md", "configs/README.md", "slurm/README.md", "tools/README.md"]
        let made = ["configs/KEYS.md", "tools/TRACES.md"]
        return try (beside + made + articles.map { "Sources/" + $0 }).map { path in
            let text = try String(contentsOf: Program.root.appending(path: path), encoding: .utf8)
            return DocumentationPage(
                path: path,
                lines: text.split(separator: "\n", omittingEmptySubsequences: false)
                    .map(String.init)
            )
        }
    }

    /// A fenced block: its language, its lines, and the number of its first line.
    struct Block {
        let language: String
        var lines: [String] = []
        let firstNumber: Int
    }

    /// The fenced blocks, in order.
    var blocks: [Block] {
        var blocks: [Block] = []
        var open: Block?
        for (index, line) in lines.enumerated() {
            if let block = open {
                if line.hasPrefix("```") {
                    blocks.append(block)
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if line.hasPrefix("```") {
                open = Block(language: String(line.dropFirst(3)), firstNumber: index + 2)
            }
        }
        return blocks
    }

    /// The commands of its blocks of `sh`, in order.
    var commands: [Command] {
        blocks.filter { $0.language == "sh" }.flatMap { block in
            var commands: [Command] = []
            var begun: Command?
            for (index, line) in block.lines.enumerated() {
                let words = Self.withoutComment(line).trimmingCharacters(in: .whitespaces)
                guard !words.isEmpty else { continue }
                let goesOn = words.hasSuffix("\\")
                let part = goesOn ? words.dropLast().trimmingCharacters(in: .whitespaces) : words
                let joined = Command(
                    words: begun.map { $0.words + " " + part } ?? part,
                    place: begun?.place ?? "\(path):\(block.firstNumber + index)"
                )
                begun = goesOn ? joined : nil
                if !goesOn { commands.append(joined) }
            }
            return commands
        }
    }

    /// The text outside of fenced blocks, with line numbers.
    var prose: [(number: Int, text: String)] {
        var isInside = false
        return lines.enumerated().compactMap { index, line in
            if line.hasPrefix("```") {
                isInside.toggle()
                return nil
            }
            return isInside ? nil : (index + 1, line)
        }
    }

    /// What stands in single backticks in some text.
    static func codeSpans(in text: some StringProtocol) -> [String] {
        // Links to symbols have two backticks, and are docc's to check.
        let parts = String(text).replacing("``", with: "").split(
            separator: "`",
            omittingEmptySubsequences: false
        )
        return parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    /// A line of shell without what follows a `#` outside of quotes.
    private static func withoutComment(_ line: String) -> String {
        var quote: Character?
        var last: Character = " "
        for index in line.indices {
            let character = line[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "#", last.isWhitespace {
                return String(line[..<index])
            }
            last = character
        }
        return line
    }
}
