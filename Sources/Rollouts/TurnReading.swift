// What a model turn asks for: the one place that knows the marks of the protocol.
//
// A model writes Python between <tool_call> and </tool_call>, or in a ```python fence; its final
// answer is in \boxed{}. Text in a code block is code: a box in it is no answer. A mark that is only
// mentioned is prose. Reading decides which code runs; the ids of a turn stay as they were sampled.

private import Grading

/// A model turn, read: its code blocks in order, its prose, and what it asks for.
public struct TurnReading: Hashable, Sendable {
    /// What the turn asks the program to do.
    public enum Request: Hashable, Sendable {
        /// Run these snippets, in order, and go on.
        case run([String])
        /// Stop: a complete box stands after the last snippet.
        case answer
        /// A snippet was begun and not closed, a call cannot be read, or an output block stands without
        /// code before it.
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
    /// Whether the turn ends inside a string literal of its program: a mark in it may be part of the
    /// string, or the string may lack its end.
    public let endsInString: Bool
    /// Whether the turn ends inside a thought (`<think>` without `</think>`); nil when it has
    /// neither mark, so that it ends as it began.
    public let endsInThought: Bool?

    /// Whether a stop text looks like a mark that ends code: a tag or a fence.
    static func isMark(_ stop: String) -> Bool { stop.hasPrefix("<") || stop.hasPrefix("```") }

    /// Reads one turn, or several that stop texts have made of one.
    ///
    /// - Parameter text: the turn as the server decoded it, stop text included.
    public init(_ text: String) {
        var scanner = TurnScanner(text)
        scanner.run()
        prosePieces = scanner.prosePieces
        opensOutput = scanner.opensOutput
        endsInCode = scanner.endsInCode
        endsInString = scanner.endsInString
        endsInThought = Thought.isOpen(atEndOf: scanner.prosePieces)
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
}

/// One pass over a turn: each `<` and each back quote may begin a mark.
struct TurnScanner {
    private let text: TurnBytes
    private var position = 0
    private var proseStart = 0
    private(set) var prosePieces: [Substring] = []
    /// Index of the first piece after the last snippet.
    private var lastProse = 0
    private(set) var snippets: [String] = []
    private(set) var problem: String?
    private(set) var opensOutput = false
    private(set) var endsInCode = false
    private(set) var endsInString = false

    init(_ text: String) { self.text = TurnBytes(text) }

    var proseAfterLastCode: String { prosePieces[lastProse...].text }

    mutating func run() {
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "<"): readTag()
            case UInt8(ascii: "`"): readBackQuotes()
            default: position += 1
            }
        }
        endProse(at: text.count)
    }

    private mutating func endProse(at end: Int) {
        if proseStart < end { prosePieces.append(text[proseStart..<end]) }
    }

    /// Goes on with prose at `place`.
    private mutating func resumeProse(at place: Int) {
        position = place
        proseStart = place
    }

    private mutating func readTag() {
        guard let tag = CallTag(in: text, at: position) else {
            position += 1
            return
        }
        guard !tag.isMention(in: text) else {
            position = tag.range.upperBound
            return
        }
        endProse(at: position)
        readCall(after: tag)
    }

    private mutating func readCall(after tag: CallTag) {
        let start = tag.range.upperBound
        let end = CodeEnd(
            of: CallTag.closing,
            in: text,
            from: start,
            as: NativeCall.looksLikeJSON(text, from: start) ? .json : .python
        )
        endsInString = endsInString || end.isInString
        if let problem = tag.problem {
            self.problem = problem
        } else if let block = CodeBlock(
            text[start..<(end.place ?? text.count)],
            isClosed: end.place != nil
        ) {
            take(block)
        } else {
            problem = "the code block was not closed with \(CallTag.closing)"
            endsInCode = true
        }
        resumeProse(at: end.place.map { $0 + CallTag.closing.utf8.count } ?? text.count)
    }

    private mutating func take(_ block: CodeBlock) {
        problem = block.problem ?? problem
        guard !block.snippets.isEmpty else { return }
        snippets += block.snippets
        lastProse = prosePieces.count
    }

    private mutating func readBackQuotes() {
        let start = position
        let count = text.runLength(at: start)
        position += count
        guard count >= 3 else {
            // A span of code within a line of prose.
            position = text.spanEnd(after: position, count: count) ?? position
            return
        }
        let fence = CodeFence(in: text, at: start, count: count)
        switch fence.kind {
        case .python: readFence(fence)
        case .output: readOutput(fence)
        case .span: position = text.spanEnd(after: position, count: count) ?? position
        case .other: break
        }
    }

    private mutating func readFence(_ fence: CodeFence) {
        // Tags inside a fence are read as tags.
        guard !CallTag.isNext(in: text, from: fence.contentStart) else {
            position = fence.contentStart
            return
        }
        endProse(at: fence.start)
        let end = CodeEnd(of: fence.closing, in: text, from: fence.contentStart, as: .python)
        endsInString = endsInString || end.isInString
        guard let place = end.place else {
            problem = "the code block was not closed with \(fence.closing)"
            endsInCode = true
            resumeProse(at: text.count)
            return
        }
        take(CodeBlock(program: text[fence.contentStart..<place]))
        resumeProse(at: place + fence.closing.utf8.count)
    }

    /// An output block that the model wrote: invented, so neither code nor prose.
    private mutating func readOutput(_ fence: CodeFence) {
        endProse(at: fence.start)
        guard let end = text.range(of: fence.closing, from: fence.contentStart) else {
            opensOutput = true
            if snippets.isEmpty { problem = "there was no code before the output block" }
            resumeProse(at: text.count)
            return
        }
        resumeProse(at: end.upperBound)
    }
}
