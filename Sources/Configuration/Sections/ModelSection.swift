/// `model`: which language model.
public struct ModelSection: Hashable, Sendable, Codable {
    /// A directory with weights and tokenizer, or a name that the engine can resolve.
    public var path: String

    /// The model at `path`.
    public init(path: String) { self.path = path }
}

extension ModelSection: ConfigurationSection {
    static var initial: Self { Self(path: "") }

    static var keys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "path",
                \.path,
                must: .notEmpty,
                isRequired: true,
                "A directory with weights, tokenizer and chat template, or a model name."
            )
        ]
    }
}
