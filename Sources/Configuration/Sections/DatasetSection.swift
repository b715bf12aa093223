/// `dataset`: which problems.
public struct DatasetSection: Hashable, Sendable, Codable {
    /// The JSONL file, relative to the working directory.
    public var path: String
    /// What the fields are called in that file.
    public var fields = DatasetFields()
    /// Take only the first so many problems, 1 or more; nil takes all.
    public var limit: Int?

    /// The problems of the file at `path`, all defaults otherwise.
    public init(path: String) { self.path = path }
}

/// `dataset.fields`: the names that the data set's file gives to the parts of a problem.
public struct DatasetFields: Hashable, Sendable, Codable {
    /// Holds the unique name.
    public var id = "id"
    /// Holds the statement.
    public var problem = "problem"
    /// Holds the expected answer, text or number.
    public var answer = "answer"
    /// Holds the field of mathematics; may be absent from the file.
    public var subject = "subject"
    /// Holds the difficulty, text or number; may be absent from the file.
    public var level = "level"

    /// All defaults.
    public init() {}
}

extension DatasetSection: ConfigurationSection {
    static var initial: Self { Self(path: "") }

    static var keys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "path",
                \.path,
                must: .notEmpty,
                isRequired: true,
                scope: .extent,
                "The problems: a JSONL file, one object a line."
            ),
            ConfigurationKey("fields", \.fields, "Names of the fields in that file."),
            ConfigurationKey(
                "limit",
                \.limit,
                must: .ifGiven(.within(1...100_000_000)),
                scope: .extent,
                "Take only the first so many problems; null takes all."
            ),
        ]
    }
}

extension DatasetFields: ConfigurationSection {
    static var initial: Self { Self() }

    static var keys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey("id", \.id, must: .notEmpty, "Unique name of a problem."),
            ConfigurationKey("problem", \.problem, must: .notEmpty, "Statement."),
            ConfigurationKey("answer", \.answer, must: .notEmpty, "Expected answer."),
            ConfigurationKey(
                "subject",
                \.subject,
                must: .notEmpty,
                "Field of mathematics; need not be there."
            ),
            ConfigurationKey(
                "level",
                \.level,
                must: .notEmpty,
                "Difficulty; need not be there."
            ),
        ]
    }
}
