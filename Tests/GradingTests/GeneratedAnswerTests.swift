import Foundation
import Grading
import RolloutModel
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
private let python = root.appendingPathComponent(".venv/bin/python")
/// Benchmarks for the tests, kept outside of the package.
private let benchmarks = root.deletingLastPathComponent()
    .appendingPathComponent("shared/data/benchmarks")

/// One line of a generator in tools/benchmarks.
private struct Pair: Decodable {
    let gold: String
    let prediction: String
    let kind: String
    let expected: String?
    let containsTaskForm: Bool?

    enum CodingKeys: String, CodingKey {
        case gold, prediction, kind, expected
        case containsTaskForm = "contains_task_form"
    }
}

/// The lines of a generator, each `every`-th of them.
private func pairs(_ generator: String, _ arguments: [String], every: Int = 1) throws -> [Pair] {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = python
    process.arguments =
        [root.appendingPathComponent("tools/benchmarks/\(generator)").path] + arguments
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try text.split(separator: "\n").enumerated()
        .filter { $0.offset.isMultiple(of: every) }
        .map { try JSONDecoder().decode(Pair.self, from: Data($0.element.utf8)) }
}

/// The pairs whose outcome is not allowed, a line each.
private func missed(
    _ pairs: [Pair],
    isAllowed: (Pair, Grade.Outcome) -> Bool
) async throws -> [String] {
    var missed: [String] = []
    try await withPool(answerSeconds: 1.5) { pool in
        for pair in pairs {
            let grade = try await pool.grade(gold: pair.gold, modelText: pair.prediction)
            if !isAllowed(pair, grade.outcome) {
                missed.append(
                    "\(pair.kind): \(pair.gold) <- \(pair.prediction.suffix(80)): "
                        + grade.outcome.rawValue
                )
            }
        }
    }
    return missed
}

/// A quick part of what `tools/bench grading` measures.
@Suite(
    .serialized,
    .enabled(if: FileManager.default.fileExists(atPath: benchmarks.path), "no shared data")
) struct GeneratedAnswerTests {
    @Test func mutantsAreNotRightAndOtherFormsAre() async throws {
        let pairs = try pairs("metamorphic.py", ["--count", "1000", "--data", benchmarks.path])
        #expect(pairs.count == 1_000)
        let mutants = pairs.filter { $0.expected == "not right" }
        #expect(mutants.count == 500)
        let falseRight = try await missed(mutants) { $1 == .wrong || $1 == .unparsed }
        #expect(falseRight.isEmpty, "\(falseRight.joined(separator: "\n"))")
        let forms = pairs.filter { $0.expected == "right" }
        let falseWrong = try await missed(forms) { $1 == .right }
        // At most 0.5 %.
        #expect(falseWrong.count <= 2, "\(falseWrong.joined(separator: "\n"))")
    }

    @Test func copiedTasksAreNotRight() async throws {
        let copies = try pairs("copied_formulas.py", ["--data", benchmarks.path])
        let tasks = copies.filter { $0.containsTaskForm == true }
        #expect(tasks.count > 200)
        let right = try await missed(tasks) { $1 != .right }
        // At most 0.4 %, which is less than one.
        #expect(right.isEmpty, "\(right.joined(separator: "\n"))")
    }

    @Test func bombsAreWrongOrUnparsed() async throws {
        let bombs = try pairs("grading_bombs.py", [], every: 9)
        #expect(bombs.count > 70)
        let bad = try await missed(bombs) { $1 == .wrong || $1 == .unparsed }
        #expect(bad.isEmpty, "\(bad.joined(separator: "\n"))")
    }
}
