/// Finds the final answer in a model's text.
public enum BoxedAnswer {
    /// The content of the last complete box of `text`; nil when there is none.
    ///
    /// Boxes that only `and`, `or`, punctuation or a name (`x_2 =`) separates from the last one are
    /// parts of one answer and are given as a list: `\boxed{1} and \boxed{2}` is `1, 2`.
    ///
    /// A box is `\boxed{...}` or `\fbox{...}`, its braces matched (`\{` and `\}` do not count), or
    /// `\boxed` followed by one word (`\boxed 5`, `\boxed5`). Boxes that are not closed, boxes with nothing
    /// in them ("put your answer in \boxed{}") and boxes with a placeholder (`\boxed{answer}`) are no
    /// answers. Of nested boxes the outermost complete one counts, and a box that holds only a box
    /// is that box.
    ///
    /// A sign or factor beside the last box is part of it (``BoxNeighbours``), and a final answer that the
    /// text announces behind it replaces it (``AnnouncedAnswer``).
    ///
    /// Takes time proportional to the length of `text`.
    ///
    /// - Parameter text: the model's own words; tool output has no place in it.
    /// - Returns: the content without surrounding white space, not empty.
    public static func last(in text: String) -> String? {
        var scanner = BoxScanner(bytes: Array(text.utf8))
        scanner.readAll()
        var contents: [String] = []
        var next: Box?
        let boxes = scanner.boxes.filter { !Placeholder.isPlaceholder(scanner.content(of: $0)) }
        guard let last = boxes.last else { return nil }
        if let announced = AnnouncedAnswer.last(in: scanner.bytes[last.range.upperBound...]) {
            return announced
        }
        for box in boxes.suffix(mostParts).reversed() {
            if let next, !areOneAnswer(scanner.bytes, box.range.upperBound..<next.range.lowerBound)
            {
                break
            }
            next = box
            var content = scanner.content(of: box)
            while let inner = onlyBox(of: content) { content = inner }
            // An answer that is said twice is still one.
            if !contents.contains(content) { contents.append(content) }
        }
        if contents.count == 1 {
            let neighbours = BoxNeighbours(of: last.range, in: scanner.bytes)
            return neighbours.around(contents[0])
        }
        return contents.reversed().joined(separator: ", ")
    }

    /// Boxes that make one answer, at most.
    private static let mostParts = 64
    /// Bytes between two boxes of one answer, at most.
    private static let longestJoint = 80

    /// Whether what stands between two boxes makes them parts of one answer.
    private static func areOneAnswer(_ bytes: [UInt8], _ gap: Range<Int>) -> Bool {
        guard !gap.isEmpty, gap.count <= longestJoint else { return gap.isEmpty }
        var joint = String(decoding: bytes[gap], as: UTF8.self)
        guard !joint.contains("\n\n") else { return false }
        for name in ["\\text", "\\mathrm", "\\qquad", "\\quad", "\\(", "\\)", "\\[", "\\]"] {
            joint = joint.replacing(name, with: " ")
        }
        // What is left of `\,` and `\;` is their punctuation, which separates as well.
        let words = joint.split { " \n\t$\\{},;&".contains($0) }
        let isSeparated = joint.contains { ",;&".contains($0) } || words.contains { joins($0) }
        // A name may come before the box: `y_2 =`, with or without spaces.
        let named = words.drop { joins($0) }.joined()
        return isSeparated && (named.isEmpty || isName(named))
    }

    private static func joins(_ word: Substring) -> Bool { word == "and" || word == "or" }

    /// Whether `text` is one letter, perhaps with an index, and an equals sign.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter, text.last == "=" else {
            return false
        }
        let index = text.dropFirst().dropLast()
        return index.isEmpty
            || index.first == "_" && index.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// The content of the box that is all of `text`.
    private static func onlyBox(of text: String) -> String? {
        guard text.hasPrefix("\\boxed{") || text.hasPrefix("\\fbox{"), text.hasSuffix("}") else {
            return nil
        }
        var scanner = BoxScanner(bytes: Array(text.utf8))
        scanner.readAll()
        guard let content = scanner.boxes.last.map(scanner.content),
            text.utf8.count - content.utf8.count <= "\\boxed{}".utf8.count
        else { return nil }
        return content
    }
}
