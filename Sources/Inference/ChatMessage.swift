/// One message of a conversation, before the model's chat template.
public struct ChatMessage: Sendable, Hashable, Codable {
    /// `system`, `user` or `assistant`.
    public var role: String
    /// Plain text.
    public var content: String

    /// A message of `role`.
    public init(role: String, content: String) {
        self.role = role
        self.content = content
    }
}
