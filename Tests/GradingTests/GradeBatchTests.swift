import Configuration
import Foundation
import Grading
import RolloutModel
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// Reference triples of other projects' graders, kept outside of the package.
private let triples = root.deletingLastPathComponent()
    .appendingPathComponent("shared/data/grader/triples.jsonl")

private struct Triple: Decodable {
    let id: String
    let expectedEqual: Bool

    enum CodingKeys: String, CodingKey {
        case id
        case expectedEqual = "expected_equal"
    }
}

/// Reads `text` as a batch from a file of its own.
private func batch(_ text: String) throws -> GradeBatch {
    let file = FileManager.default.temporaryDirectory
        .appendingPathComponent("batch-\(UInt64.random(in: .min ... .max)).jsonl")
    try Data(text.utf8).write(to: file)
    defer {
        do { try FileManager.default.removeItem(at: file) } catch { Issue.record(error) }
    }
    return try GradeBatch(path: file.path)
}

private func fault(_ text: String) -> String {
    do {
        _ = try batch(text)
        return "no fault"
    } catch let fault as GradeBatch.Fault {
        return String(fault.description.dropFirst(fault.path.count))
    } catch {
        return "\(error)"
    }
}

@Suite struct GradeBatchTests {
    @Test func linesKeepTheirOrderAndTheirIDs() throws {
        let batch = try batch(
            """
            {"id": "a/1", "gold": "1", "prediction": "x"}

            {"id": 7, "gold": 0.5, "prediction": null, "more": []}
            """
        )
        #expect(batch.lines.map(\.id) == [#""a/1""#, "7"])
        #expect(batch.lines.map(\.gold) == ["1", "0.5"])
        #expect(batch.lines.map(\.prediction) == ["x", ""])
        let grade = Grade(outcome: .right, answer: "\"½/\n", canonicalAnswer: "", wallSeconds: 0)
        #expect(
            try batch.lines[1].result(grade) == #"{"id":7,"outcome":"right","answer":"\"½/\n"}"#
        )
    }

    @Test func aLineThatCannotBeGradedIsNamed() {
        let good = #"{"id": 1, "gold": "1", "prediction": "x"}"#
        #expect(fault(good + "\n{").hasPrefix(":2: is not a JSON object; write {"))
        #expect(
            fault(#"{"id": 1, "gold": "1"}"#)
                == ":1: field \"prediction\": write a text, or null for no answer"
        )
        #expect(
            fault(#"{"id": 1, "gold": " ", "prediction": "x"}"#).hasPrefix(":1: field \"gold\"")
        )
        #expect(
            fault(#"{"id": true, "gold": "1", "prediction": "x"}"#).hasPrefix(":1: field \"id\"")
        )
        #expect(
            fault(#"{"id": [1], "gold": "1", "prediction": "x"}"#).hasPrefix(":1: field \"id\"")
        )
        #expect {
            try GradeBatch(path: "/no/such/file")
        } throws: {
            "\($0)" == "/no/such/file: cannot be read; name a readable JSONL file"
        }
    }

    /// What remains is policy, explained in configs/README.md: of boxes with other words between them
    /// only the last counts, variables are not renamed, a mixed number does not span lines, and
    /// `1 + 1/e` is not `1 - 1/e`.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: triples.path), "no shared data"))
    func verdictsAgreeWithTheReferenceTriples() async throws {
        let batch = try GradeBatch(path: triples.path)
        let expected = try String(contentsOf: triples, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(Triple.self, from: Data($0.utf8)) }
        #expect(batch.lines.count == expected.count)
        var section = GradingSection()
        section.workers = 2
        section.answerSeconds = 30
        let python = root.appendingPathComponent(".venv/bin/python").path
        let pool = try GraderPool(configuration: section, python: python)
        var verdicts: [Grade] = []
        do {
            try await batch.grade(with: pool, inFlight: 8, isProseSearched: true) {
                verdicts.append($1)
            }
        } catch {
            Issue.record(error)
        }
        await pool.shutdown()
        try #require(verdicts.count == expected.count)
        var disagreements: [String] = []
        for (triple, grade) in zip(expected, verdicts) {
            #expect(grade.outcome != .timeout && grade.outcome != .error, "\(triple.id)")
            if (grade.outcome == .right) != triple.expectedEqual { disagreements.append(triple.id) }
        }
        #expect(
            disagreements == [
                "math_verify/197", "math_verify/260", "math_verify/270",
                "math_verify_mixed_number/41",
            ]
        )
    }
}
