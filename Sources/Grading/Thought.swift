// One rule for all who read a model's text: a box in a thought that was cut off is a guess, no answer.

/// The thoughts in a model's text: what stands between `<think>` and `</think>`.
public enum Thought {
    /// What a thinking model, or its chat template, begins a thought with.
    public static let opening = "<think>"
    /// What ends it.
    public static let closing = "</think>"

    /// Whether a text ends in a thought.
    ///
    /// - Parameter pieces: the text, in pieces none of which divides a mark.
    /// - Returns: nil when it has neither mark, so that it ends as it began.
    public static func isOpen(atEndOf pieces: [Substring]) -> Bool? {
        for piece in pieces.reversed() {
            if let last = lastMark(in: piece) { return last.isOpening }
        }
        return nil
    }

    /// `text` without the thought that is open at its end.
    ///
    /// An attempt that a limit cut off in a thought has not answered: boxes in that thought are guesses. A
    /// thought with which the model itself ended its turn is finished, and is not for this function.
    ///
    /// - Parameters:
    ///   - text: the model's words.
    ///   - isOpenAtStart: whether a chat template has begun a thought in front of them.
    /// - Returns: all of it when no thought is open at its end.
    public static func removingUnfinished(
        from text: String,
        isOpenAtStart: Bool = false
    ) -> String {
        let bytes = Array(text.utf8)
        let ends = places(of: closing, in: bytes)
        let isOpen = isOpenAtStart && ends.isEmpty
        let finished = ends.last.map { $0 + closing.utf8.count } ?? 0
        guard !isOpen else { return "" }
        guard let start = places(of: opening, in: bytes).first(where: { $0 >= finished }) else {
            return text
        }
        return String(decoding: bytes[..<start], as: UTF8.self)
    }

    private static func lastMark(in text: Substring) -> (place: Int, isOpening: Bool)? {
        let bytes = Array(text.utf8)
        let start = places(of: opening, in: bytes).last
        let end = places(of: closing, in: bytes).last
        guard let last = [start, end].compactMap(\.self).max() else { return nil }
        return (last, last == start)
    }

    private static func places(of mark: String, in bytes: [UInt8]) -> [Int] {
        let wanted = Array(mark.utf8)
        return bytes.indices.filter { place in
            bytes[place] == wanted[0] && bytes.count - place >= wanted.count
                && bytes[place..<place + wanted.count].elementsEqual(wanted)
        }
    }
}
