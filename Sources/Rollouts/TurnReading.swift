// What a model turn asks for: the one place that knows the marks of the protocol.
//
// A model writes Python between <tool_call> and </tool_call>, or in a ```python fence; its final
// answer is in \boxed{}. Text in a code block is code: a box in it is no answer.

private import Grading

/// A model turn, read: its code blocks in order, its prose, and what it asks for.
public struct TurnReading: Hashable, Sendable {
    /// What the turn asks the program to do.
    public enum Request: Hashable, Sendable {
        /// Run these snippets, in order, and go on.
        case run([String])
        /// Stop: a complete box stands after the last snippet.
        case answer
        /// A snippet was begun and not closed, or an output block stands without code before it.
        case invalid(String)
        /// Neither code nor a complete box.
        case nothing
    }

    /// What the turn asks for.
    public let request: Request
    /// The text outside code blocks, in pieces of the turn's text: the only text that is graded.
    public let prosePieces: [Substring]
    /// Whether the turn ends inside an output block that the model began itself, so that the
    /// real output belongs right after it.
    public let opensOutput: Bool
    /// Whether the turn ends inside a code block.
    public let endsInCode: Bool
    /// Whether the turn ends inside a thought (`<think>` without `</think>`); nil when it has
    /// neither mark, so that it ends as it began.
    public let endsInThought: Bool?

    /// What a thinking model, or its chat template, begins a thought with.
    static let thoughtOpening = "<think>"
    private static let thoughtClosing = "</think>"
    private static let callOpening = "<tool_call>"
    private static let callClosing = "</tool_call>"
    private static let fenceClosing = "```"
    private static let outputOpening = "```output"
    /// Each begins with `<` or a back quote; of two that begin alike, the longer first.
    private static let openings = [callOpening, outputOpening, "```python", "```py"]

    /// Whether a stop text looks like a mark that ends code: a tag or a fence.
    static func isMark(_ stop: String) -> Bool { stop.hasPrefix("<") || stop.hasPrefix("```") }

    /// Reads one turn, or several that stop texts have made of one.
    ///
    /// - Parameter text: the turn as the server decoded it, stop text included.
    public init(_ text: String) {
        var scanner = Scanner(text)
        scanner.run()
        prosePieces = scanner.prosePieces
        opensOutput = scanner.opensOutput
        endsInCode = scanner.endsInCode
        endsInThought = Self.endsInThought(text[...])
        if BoxedAnswer.last(in: scanner.proseAfterLastCode) != nil {
            request = .answer
        } else if let problem = scanner.problem {
            request = .invalid(problem)
        } else if !scanner.snippets.isEmpty {
            request = .run(scanner.snippets)
        } else {
            request = .nothing
        }
    }

    /// ``prosePieces`` in one.
    public var prose: String { prosePieces.text }

    private static func endsInThought(_ text: Substring) -> Bool? {
        var rest = text
        var isOpen: Bool?
        while true {
            let opening = rest.range(ofLiteral: thoughtOpening)
            let closing = rest.range(ofLiteral: thoughtClosing)
            guard
                let next = [opening, closing].compactMap(\.self).min(by: {
                    $0.lowerBound < $1.lowerBound
                })
            else { return isOpen }
            isOpen = next == opening
            rest = rest[next.upperBound...]
        }
    }

    /// One pass over the turn; at each step, the nearest opening mark decides.
    private struct Scanner {
        private var rest: Substring
        private(set) var prosePieces: [Substring] = []
        /// Index of the first piece after the last snippet.
        private var lastProse = 0
        private(set) var snippets: [String] = []
        private(set) var problem: String?
        private(set) var opensOutput = false
        private(set) var endsInCode = false

        init(_ text: String) { rest = text[...] }

        var proseAfterLastCode: String { prosePieces[lastProse...].text }

        mutating func run() {
            while let (mark, at) = nearestOpening() {
                appendProse(rest[rest.startIndex..<at.lowerBound])
                rest = rest[at.upperBound...]
                switch mark {
                case TurnReading.callOpening: readBlock(until: TurnReading.callClosing)
                case TurnReading.outputOpening: readOutput()
                default: readBlock(until: TurnReading.fenceClosing)
                }
            }
            appendProse(rest)
        }

        private mutating func readBlock(until closing: String) {
            guard let end = rest.range(ofLiteral: closing) else {
                let block = Self.trimmed(rest)
                rest = rest[rest.endIndex...]
                // A fence inside the tags, at whose end the turn may have been halted.
                if Self.isFenced(block) {
                    take(Self.unfenced(block))
                } else {
                    problem = "the code block was not closed with \(closing)"
                    endsInCode = true
                }
                return
            }
            let block = Self.trimmed(rest[rest.startIndex..<end.lowerBound])
            rest = rest[end.upperBound...]
            // Models also put a fence inside the tags.
            take(Self.isFenced(block) ? Self.unfenced(block) : String(block))
        }

        private mutating func take(_ code: String) {
            guard !code.isEmpty else {
                problem = "the code block is empty"
                return
            }
            snippets.append(code)
            lastProse = prosePieces.count
        }

        /// An output block that the model wrote: invented, so neither code nor prose.
        private mutating func readOutput() {
            guard let end = rest.range(ofLiteral: TurnReading.fenceClosing) else {
                opensOutput = true
                if snippets.isEmpty { problem = "there was no code before the output block" }
                rest = rest[rest.endIndex...]
                return
            }
            rest = rest[end.upperBound...]
        }

        private mutating func appendProse(_ text: Substring) {
            if !text.isEmpty { prosePieces.append(text) }
        }

        private func nearestOpening() -> (mark: String, at: Range<Substring.Index>)? {
            let text = rest.utf8.span
            for start in text.indices where text[start] == 0x3c || text[start] == 0x60 {
                if let mark = TurnReading.openings.first(where: { text.has($0, at: start) }) {
                    return (mark, rest.range(at: start, count: mark.utf8.count))
                }
            }
            return nil
        }

        /// Without the empty lines before and after it.
        private static func trimmed(_ text: Substring) -> Substring {
            var code = text
            while !code.isEmpty, code.firstLine.allSatisfy(\.isWhitespace) {
                code = code.withoutFirstLine
            }
            while !code.isEmpty, code.lastLine.allSatisfy(\.isWhitespace) {
                code = code.withoutLastLine
            }
            return code
        }

        private static func isFenced(_ block: Substring) -> Bool {
            block.hasPrefix("```") && block.lastLine.hasPrefix("```")
                && block.firstLine.endIndex < block.endIndex
        }

        private static func unfenced(_ block: Substring) -> String {
            String(block.withoutFirstLine.withoutLastLine)
        }
    }
}

extension Collection<Substring> {
    /// The pieces in one; several times as fast as `joined()`, which knows no type.
    var text: String { reduce(into: "") { $0 += $1 } }

    /// Length of ``text`` in bytes.
    var utf8Count: Int { reduce(0) { $0 + $1.utf8.count } }
}

extension Substring {
    /// The first place of `literal`, compared by UTF-8 bytes, without Foundation.
    func range(ofLiteral literal: String) -> Range<Index>? {
        guard let first = literal.utf8.first else { return nil }
        let text = utf8.span
        for start in text.indices where text[start] == first && text.has(literal, at: start) {
            return range(at: start, count: literal.utf8.count)
        }
        return nil
    }

    /// The range of `count` UTF-8 bytes from the byte at `start` on.
    fileprivate func range(at start: Int, count: Int) -> Range<Index> {
        let lower = utf8.index(startIndex, offsetBy: start)
        return lower..<utf8.index(lower, offsetBy: count)
    }

    /// Up to the first line feed.
    fileprivate var firstLine: Substring {
        self[..<(utf8.firstIndex(of: 0x0a) ?? endIndex)]
    }

    fileprivate var withoutFirstLine: Substring {
        guard let end = utf8.firstIndex(of: 0x0a) else { return self[endIndex...] }
        return self[utf8.index(after: end)...]
    }

    /// From the last line feed on.
    fileprivate var lastLine: Substring {
        guard let end = utf8.lastIndex(of: 0x0a) else { return self }
        return self[utf8.index(after: end)...]
    }

    fileprivate var withoutLastLine: Substring {
        self[..<(utf8.lastIndex(of: 0x0a) ?? startIndex)]
    }
}

extension Span<UInt8> {
    /// Whether the bytes of `literal` stand at `start`.
    fileprivate func has(_ literal: String, at start: Int) -> Bool {
        let wanted = literal.utf8.span
        guard count - start >= wanted.count else { return false }
        return wanted.indices.allSatisfy { self[start + $0] == wanted[$0] }
    }
}
