/// What stands between the marks of one call: the programs in it, or the reason why it has no program.
struct CodeBlock: Hashable {
    /// The programs, in order.
    private(set) var snippets: [String] = []
    /// Why something in it is not run, in words for the model.
    private(set) var problem: String?

    /// What a fence holds.
    init(program: Substring) { take(program) }

    /// What stands between tags; nil when the tags are not closed and no whole fence is in them.
    ///
    /// Models also put a fence inside the tags, prose around it, a second opening tag, and calls in the forms
    /// of other protocols.
    init?(_ content: Substring, isClosed: Bool) {
        guard isClosed else {
            // A fence inside the tags, at whose end the turn may have been halted.
            let reading = FencedParts(content)
            guard !reading.fences.isEmpty, reading.isClosed, reading.after.isBlank,
                reading.before.isBlank
                    || ProseLine.isProse(reading.before.withoutEmptyEnds.firstLine)
            else { return nil }
            take(reading)
            return
        }
        for part in Self.parts(content) {
            read(part)
        }
        if snippets.isEmpty, problem == nil { problem = Self.isEmpty }
    }

    private static let isEmpty = "the code block is empty"

    /// The content, parted by further opening tags; without the parts in front of them that are prose.
    private static func parts(_ content: Substring) -> [Substring] {
        var parts: [Substring] = []
        let text = TurnBytes(content)
        var start = 0
        var search = 0
        while let place = CodeEnd(of: "<tool_call", in: text, from: search, as: .python).place {
            search = place + 1
            guard text.lineBefore(place).isBlank, let tag = CallTag(in: text, at: place) else {
                continue
            }
            let part = text[start..<place].withoutEmptyEnds
            if !part.isEmpty, !ProseLine.isProse(part.firstLine) { parts.append(part) }
            start = tag.range.upperBound
            search = start
        }
        return parts + [text[start..<text.count]]
    }

    private mutating func read(_ part: Substring) {
        let text = part.withoutEmptyEnds
        if readCalls(text) { return }
        let fenced = FencedParts(text)
        if !fenced.fences.isEmpty || fenced.hasStrayEnd {
            take(fenced)
        } else {
            let program = Self.withoutProse(text)
            if !readCalls(program), !program.isEmpty { take(program) }
        }
    }

    /// Without the lines of prose before and after a program; all of it when nothing else is there.
    private static func withoutProse(_ text: Substring) -> Substring {
        var rest = text
        while !rest.isEmpty, ProseLine.isProse(rest.firstLine) {
            rest = rest.withoutFirstLine.withoutEmptyEnds
        }
        while !rest.isEmpty, ProseLine.isProse(rest.lastLine) {
            rest = rest.withoutLastLine.withoutEmptyEnds
        }
        return rest.isEmpty ? text : rest
    }

    /// Takes calls in JSON or XML; false when `text` is not a call.
    private mutating func readCalls(_ text: Substring) -> Bool {
        guard let calls = NativeCall.calls(in: text.withoutSpaces) else { return false }
        for call in calls {
            switch call {
            case .program(let program): take(program)
            case .refused(let reason): problem = reason
            }
        }
        return true
    }

    private mutating func take(_ parts: FencedParts) {
        let before = parts.before.withoutEmptyEnds
        if !before.isEmpty, !ProseLine.isProse(before.firstLine) { take(before) }
        for fence in parts.fences {
            if readCalls(fence.content) { continue }
            if fence.label.isEmpty || CodeFence.isPython(fence.label) {
                take(fence.content)
            } else if snippets.isEmpty {
                problem =
                    "the code block is marked as \(NativeCall.safe(fence.label)), not as Python"
            }
        }
    }

    private mutating func take(_ program: Substring) {
        let code = Self.dedented(program.withoutEmptyEnds)
        if code.isEmpty { problem = Self.isEmpty } else { snippets.append(code) }
    }

    /// Without the indentation of its first line, as far as each line has it.
    private static func dedented(_ code: Substring) -> String {
        let indentation = code.prefix { $0 == " " || $0 == "\t" }
        guard !indentation.isEmpty else { return String(code) }
        var text = ""
        var rest = code
        while !rest.isEmpty {
            let next = rest.withoutFirstLine
            let line = rest[..<next.startIndex]
            text += line.dropFirst(zip(line, indentation).prefix { $0 == $1 }.count)
            rest = next
        }
        return text
    }
}

/// A text parted into the fences in it and what is around them.
private struct FencedParts {
    struct Fence {
        let label: String
        let content: Substring
    }

    /// In front of the first fence.
    private(set) var before: Substring
    private(set) var fences: [Fence] = []
    /// Behind the last one.
    private(set) var after: Substring
    /// Whether the last fence has its end.
    private(set) var isClosed = true
    /// Whether the text in front is a program that ends in a fence that was never begun.
    private(set) var hasStrayEnd = false

    init(_ content: Substring) {
        let text = TurnBytes(content)
        before = content
        after = content[content.endIndex...]
        var position = 0
        while let start = Self.nextFence(in: text, from: position) {
            let fence = CodeFence(in: text, at: start, count: text.runLength(at: start))
            if fences.isEmpty {
                before = text[0..<start]
                let program = before.withoutEmptyEnds
                if fence.label.isEmpty || fence.label == "output", !program.isEmpty,
                    !ProseLine.isProse(program.firstLine)
                {
                    hasStrayEnd = true
                    return
                }
            }
            let isJSON = NativeCall.looksLikeJSON(text, from: fence.contentStart)
            let end = CodeEnd(
                of: fence.closing,
                in: text,
                from: fence.contentStart,
                as: isJSON ? .json : .python
            ).place
            isClosed = end != nil
            let contentEnd = end ?? text.count
            fences.append(
                Fence(label: fence.label, content: text[fence.contentStart..<contentEnd])
            )
            position = end.map { $0 + fence.closing.utf8.count } ?? text.count
            after = text[position..<text.count]
        }
    }

    /// The next back quotes that begin a line, outside of strings.
    private static func nextFence(in text: TurnBytes, from start: Int) -> Int? {
        var position = start
        while let place = CodeEnd(of: "```", in: text, from: position, as: .python).place {
            if text.lineBefore(place).isBlank { return place }
            position = place + text.runLength(at: place)
        }
        return nil
    }
}
