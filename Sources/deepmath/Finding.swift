/// What one check of the machine found.
struct Finding: Hashable, Sendable {
    /// How good that is.
    enum Verdict: String, Sendable {
        /// As it should be.
        case ok
        /// A run can start, but may not do what is wanted.
        case warning = "warn"
        /// A run would fail.
        case failure = "FAIL"
    }

    let verdict: Verdict
    /// What was looked at, one or two words.
    let subject: String
    /// What was found.
    let fact: String
    /// What to do about it; empty when nothing is to be done.
    let remedy: String

    static func ok(_ subject: String, _ fact: String) -> Finding {
        Finding(verdict: .ok, subject: subject, fact: fact, remedy: "")
    }

    static func warning(_ subject: String, _ fact: String, _ remedy: String) -> Finding {
        Finding(verdict: .warning, subject: subject, fact: fact, remedy: remedy)
    }

    static func failure(_ subject: String, _ fact: String, _ remedy: String) -> Finding {
        Finding(verdict: .failure, subject: subject, fact: fact, remedy: remedy)
    }

    /// One line: verdict, subject, fact, remedy.
    var line: String {
        let padded = verdict.rawValue + String(repeating: " ", count: 4 - verdict.rawValue.count)
        return "\(padded)  \(subject): \(fact)" + (remedy.isEmpty ? "" : "; \(remedy)")
    }
}
