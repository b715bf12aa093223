import RolloutModel

/// What the grading process writes first.
struct GraderGreeting: Decodable {
    let ready: Bool
    /// Library versions, when ready.
    let versions: [String: String]?
    /// The module that cannot be imported, when not.
    let missing: String?
    let detail: String?
}

/// One answer to compare.
struct GraderRequest: Encodable {
    /// How the answer was found, which decides how it is read.
    enum Form: String, Encodable {
        /// What stood in a box: a formula.
        case boxed
        /// Text to be searched for its final answer.
        case text
    }

    let id: Int
    let gold: String
    let answer: String
    let form: Form
    /// CPU time after which the kernel ends the comparison.
    let seconds: Double
}

/// The verdict on it.
struct GraderReply: Decodable {
    let id: Int
    let outcome: String
    let canonical: String
    let detail: String?
}
