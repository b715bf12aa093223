import Foundation
import Grading
import RolloutModel
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// Pairs that a grader got wrong, kept outside of the package.
private let faults = root.deletingLastPathComponent()
    .appendingPathComponent("shared/data/faults/grading.jsonl")

private struct Fault: Decodable {
    let gold: String
    let prediction: String
    let expected: String

    /// Whether `grade` is what the pair asks for; where two readings are defensible, any verdict is.
    func allows(_ grade: Grade) -> Bool {
        switch expected {
        case "right": grade.outcome == .right
        case "unparsed": grade.outcome == .unparsed
        case "not right", "not timeout": grade.outcome == .wrong || grade.outcome == .unparsed
        default: [.right, .wrong, .unparsed].contains(grade.outcome)
        }
    }
}

@Suite struct ReportedFaultTests {
    @Test(.enabled(if: FileManager.default.fileExists(atPath: faults.path), "no shared data"))
    func everyReportedPairHasItsVerdict() async throws {
        let pairs = try String(contentsOf: faults, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(Fault.self, from: Data($0.utf8)) }
        #expect(pairs.count > 100)
        try await withPool(workers: 2) { pool in
            for pair in pairs {
                let grade = try await pool.grade(gold: pair.gold, modelText: pair.prediction)
                #expect(
                    pair.allows(grade),
                    "\(pair.gold) <- \(pair.prediction.prefix(80)): \(grade.outcome.rawValue), expected \(pair.expected)"
                )
            }
        }
    }

    /// Where two readings are defensible: the choice that configs/README.md explains.
    @Test func documentedChoicesHold() async throws {
        let choices: [(gold: String, answer: String, outcome: Grade.Outcome)] = [
            ("5", #"\sout{7} 5"#, .unparsed), ("4495", #"\dbinom{31}{28}"#, .right),
            (#"(-\sqrt{3}, \sqrt{3})"#, "-4<x^{4}+4x^{2}<21", .wrong),
            ("5050", #"\sum_{k=1}^{100}k"#, .wrong), ("1", #"7^{100} \mod 3"#, .wrong),
            ("26000", "513^2 - 487^2", .right),
        ]
        try await withPool { pool in
            for choice in choices {
                let text = "\\boxed{\(choice.answer)}"
                let grade = try await pool.grade(gold: choice.gold, modelText: text)
                #expect(grade.outcome == choice.outcome, "\(choice.gold) <- \(choice.answer)")
            }
        }
    }
}
