public import Inference

/// The prompt of a run: the user's text with places for the problem and the allowed modules.
public struct PromptTemplate: Hashable, Sendable {
    /// The template's text lacks the place for the problem.
    public struct MissingPlace: Error, Hashable, CustomStringConvertible {
        /// The template's file.
        public let path: String

        /// What is wrong and how to mend it, in one line.
        public var description: String {
            "\(path): the prompt has no {problem}; put it where the statement belongs"
        }
    }

    /// What stands around the statement.
    private let parts: [String]
    private let systemPrompt: String?

    /// A prompt from the text of its file; one newline at the end is dropped.
    ///
    /// - Parameters:
    ///   - text: holds `{problem}`, and where wanted `{modules}`.
    ///   - path: the file, for messages.
    ///   - modules: what a snippet may import.
    ///   - systemPrompt: a system message before it, or nil.
    /// - Throws: ``MissingPlace``.
    public init(
        text: String,
        path: String,
        modules: [String],
        systemPrompt: String?
    ) throws(MissingPlace) {
        guard text.contains("{problem}") else { throw MissingPlace(path: path) }
        let body = text.hasSuffix("\n") ? String(text.dropLast()) : text
        let named = body.split(separator: "{modules}", omittingEmptySubsequences: false)
            .joined(separator: modules.joined(separator: ", "))
        parts = named.split(separator: "{problem}", omittingEmptySubsequences: false)
            .map(String.init)
        self.systemPrompt = systemPrompt
    }

    /// The messages for one problem.
    ///
    /// The statement goes in last, so that braces in it are never read as places.
    ///
    /// - Returns: an optional system message and one user message.
    public func messages(for statement: String) -> [ChatMessage] {
        let user = parts.joined(separator: statement)
        let system = systemPrompt.map { [ChatMessage(role: "system", content: $0)] } ?? []
        return system + [ChatMessage(role: "user", content: user)]
    }
}
