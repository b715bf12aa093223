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
    let suite: String
    let expectedEqual: Bool

    enum CodingKeys: String, CodingKey {
        case id, suite
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

    /// math-verify's own verdict on the raw texts agrees on 200 of the 245.
    ///
    /// What remains is policy: of several boxes only the last counts (5), the answer to a question
    /// of choice must be a letter by itself (4), variables are not renamed (1), brackets and line
    /// breaks in prose (2), a list of solutions in words (1).
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
            try await batch.grade(with: pool, inFlight: 8) { verdicts.append($1) }
        } catch {
            Issue.record(error)
        }
        await pool.shutdown()
        try #require(verdicts.count == expected.count)
        var counts: [String: (agreed: Int, all: Int)] = [:]
        for (triple, grade) in zip(expected, verdicts) {
            #expect(grade.outcome != .timeout && grade.outcome != .error, "\(triple.id)")
            counts[triple.suite, default: (0, 0)].all += 1
            if (grade.outcome == .right) == triple.expectedEqual {
                counts[triple.suite, default: (0, 0)].agreed += 1
            }
        }
        let least = [
            "math_verify": 122, "math_verify_mixed_number": 34, "nemo_skills": 7,
            "hendrycks_math": 8, "mario": 8, "areal": 27, "lighteval": 21, "verifiers": 1,
            "trl": 4,
        ]
        for (suite, count) in counts {
            #expect(count.agreed >= least[suite] ?? count.all, "\(suite): \(count)")
        }
        #expect(counts.values.reduce(0) { $0 + $1.agreed } >= 232)
    }
}
