import Foundation
import Grading
import Testing

@testable import Rollouts

/// Turns for the tests, kept outside of the package.
private let handedTurns = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/data/faults/agent-text.jsonl")

@Suite(.enabled(if: FileManager.default.fileExists(atPath: handedTurns.path), "no shared data"))
struct HandedTurnTests {
    private struct Line: Decodable {
        struct Input: Decodable {
            let turn: String?
        }

        let id: String
        let input: Input
        let expected: String
    }

    @Test func everyHandedTurnIsReadAsExpected() throws {
        let lines = try String(contentsOf: handedTurns, encoding: .utf8).split(separator: "\n")
        var count = 0
        for line in lines {
            let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
            guard let turn = line.input.turn else { continue }
            count += 1
            let reading = TurnReading(turn)
            switch reading.request {
            case .run(let snippets):
                let list = line.expected.drop { $0 != "[" }
                #expect(
                    LooseJSON.values(in: list).first == .array(snippets.map { .string($0) }),
                    "\(line.id): \(snippets)"
                )
            case .answer:
                let answer = BoxedAnswer.last(in: reading.prose) ?? ""
                #expect(line.expected == "'answer:\(answer)'", "\(line.id)")
            case .nothing: #expect(line.expected == "None", "\(line.id)")
            case .invalid(let problem): Issue.record("\(line.id): \(problem)")
            }
        }
        #expect(count >= 16)
    }
}
