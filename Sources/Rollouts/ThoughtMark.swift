private import Grading
internal import Inference

/// Finds out whether a model's chat template begins the thought that its turn then goes on with.
///
/// Only ids tell: the templated text never leaves the server. The mark's own ids are asked for once, by
/// no attempt in particular: none counts it.
actor ThoughtMark {
    private var ids: [Int32]?

    /// Whether `promptIDs` end in an opened thought, but for some white space.
    func isOpened(by promptIDs: [Int32], engine: Engine) async throws -> Bool {
        let mark: [Int32]
        if let ids {
            mark = ids
        } else {
            mark = try await engine.tokenIDs(Thought.opening).ids
            ids = mark
        }
        return Self.ends(promptIDs, with: mark)
    }

    /// A newline or two may follow the mark.
    static func ends(_ promptIDs: [Int32], with mark: [Int32]) -> Bool {
        !mark.isEmpty
            && (0...2).contains { promptIDs.dropLast($0).suffix(mark.count).elementsEqual(mark) }
    }
}
