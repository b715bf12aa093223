/// One line of a data set: a statement and the answer it is graded against.
public struct Problem: Hashable, Sendable {
    /// Unique in its data set.
    public let id: String
    /// Text shown to the model; LaTeX allowed.
    public let statement: String
    /// The expected answer (gold), LaTeX or plain text.
    public let answer: String
    /// Field of mathematics, where the data set names it; empty otherwise.
    public let subject: String
    /// Difficulty as the data set states it; empty otherwise.
    public let level: String
    /// The data set it is from, by name; empty where nobody says.
    public let dataset: String

    /// A problem as read from its line; the reader has checked that no required field is empty.
    public init(
        id: String,
        statement: String,
        answer: String,
        subject: String = "",
        level: String = "",
        dataset: String = ""
    ) {
        self.id = id
        self.statement = statement
        self.answer = answer
        self.subject = subject
        self.level = level
        self.dataset = dataset
    }
}
