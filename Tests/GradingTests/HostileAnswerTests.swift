import Grading
import RolloutModel
import Testing

/// Answers that no comparison should be given: made by rule, so that the list stays readable.
private let hostileAnswers: [String] = {
    func nested(_ depth: Int, _ core: String, _ wrap: (String) -> String) -> String {
        (0..<depth).reduce(core) { text, _ in wrap(text) }
    }
    var answers: [String] = []
    for index in 0..<20 {
        let size = index + 1
        let base = 2 + index % 8
        answers.append(nested(2 + index / 4, "\(base)") { "\(base)^{\($0)}" })
        answers.append(String(repeating: "7", count: 500 * size) + (index < 10 ? "" : ".5"))
        answers.append(nested(10 * size, "x") { "(\($0))" })
        answers.append(nested(4 * size, "1") { "\\frac{1}{1+\($0)}" })
        answers.append(nested(3 * size, "2") { "\\sqrt{2+\($0)}" })
        answers.append("(x+y+z+w+\(size))^{\(20 * size)}")
        let rows = (0..<3 * size).map { row in
            (0..<3 * size).map { "\(row * $0 % 7)" }.joined(separator: "&")
        }
        answers.append("\\begin{pmatrix}\(rows.joined(separator: "\\\\"))\\end{pmatrix}")
        answers.append((0..<25 * size).map { "\($0 * $0)" }.joined(separator: ","))
    }
    for index in 1...10 {
        answers.append("9" + String(repeating: "!", count: index))
        answers.append("\\sum_{k=1}^{10^{\(index)}} \\frac{1}{k^2+\(index)}")
        answers.append("\\int_0^{\(index)} e^{x^{\(index + 1)}}\\sin(x^{\(index)}) dx")
        // Pieces of LaTeX in an order that a linear congruence gives.
        let pieces = [
            "\\frac{", "}{", "\\left(", "\\right]", "^", "_", "&", "\\\\", "\\begin{cases}", "$",
            "\\text{", "\\sqrt[", "%", "\\cdot", "{", "\\infty", "=", "\u{0}", "\u{1F9EE}", "<",
        ]
        var state: UInt32 = UInt32(index)
        answers.append(
            (0..<60).map { _ in
                state = state &* 1_103_515_245 &+ 12_345
                return pieces[Int(state >> 16) % pieces.count]
            }.joined()
        )
    }
    return answers
}()

@Suite(.serialized) struct HostileAnswerTests {
    /// The limit is a third of the default, to keep the test short; what is cut off costs it in full.
    @Test func eachIsWrongOrUnparsedWithinItsLimit() async throws {
        #expect(hostileAnswers.count == 200)
        let golds = ["5", "\\frac{1}{2}", "(x-1)^2", "(1,2)", "[0,1)", "\\text{yes}"]
        try await withPool(workers: 2, answerSeconds: 0.5) { pool in
            _ = try await pool.versions()
            try await withThrowingTaskGroup { group in
                for (index, answer) in hostileAnswers.enumerated() {
                    group.addTask {
                        // Without a box, for garbage may hold no complete one.
                        let grade = try await pool.grade(
                            gold: golds[index % golds.count],
                            text: index.isMultiple(of: 2) ? answer : "so \\boxed{\(answer)}"
                        )
                        return (index, grade)
                    }
                }
                for try await (index, grade) in group {
                    let name = "\(index): \(hostileAnswers[index].prefix(60))"
                    // An answer that costs too much is the answer's fault: never a failure of the grader.
                    #expect([.wrong, .unparsed].contains(grade.outcome), "\(name)")
                }
            }
            let after = try await pool.grade(gold: "1/2", modelText: #"\boxed{0.5}"#)
            #expect(after.outcome == .right)
        }
    }
}
