import RolloutModel

/// Verdicts that comparisons have reached, so that samples which agree need no further one.
///
/// A verdict follows from the two texts alone. What limits or failures ended follows from the moment as
/// well, and is not kept.
struct VerdictMemory: Sendable {
    /// What is compared with what.
    ///
    /// As bytes: texts that Swift takes for equal, a letter with its accent or followed by it, are
    /// different ones to the grader.
    struct Question: Hashable, Sendable {
        let gold: [UInt8]
        let answer: [UInt8]
        let form: GraderRequest.Form

        init(gold: String, answer: String, form: GraderRequest.Form) {
            self.gold = Array(gold.utf8)
            self.answer = Array(answer.utf8)
            self.form = form
        }
    }

    /// What a comparison found.
    struct Verdict: Hashable, Sendable {
        let outcome: Grade.Outcome
        let canonicalAnswer: String
    }

    /// Longer texts are rare, hardly repeat, and would take the memory.
    private static let textBytes = 1024

    private var verdicts: RecentMemory<Question, Verdict>

    /// Keeps at least the last `capacity` verdicts, and at most twice as many.
    init(capacity: Int = 4096) { verdicts = RecentMemory(capacity: capacity) }

    /// The verdict on `question`, when one is known.
    mutating func verdict(on question: Question) -> Verdict? { verdicts.value(of: question) }

    /// Remembers `verdict`, unless it would not be the same another time.
    mutating func note(_ verdict: Verdict, on question: Question) {
        switch verdict.outcome {
        case .right, .wrong, .unparsed, .goldUnparsed: break
        case .timeout, .error, .ungraded: return
        }
        guard question.gold.count + question.answer.count <= Self.textBytes else { return }
        verdicts.add(verdict, as: question)
    }
}
