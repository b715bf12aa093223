import Foundation
import Testing

@Suite(.serialized) struct GradeCommandTests {
    private func file(_ text: String) throws -> String {
        let file = try Program.scratchFolder().appending(path: "answers.jsonl")
        try Data(text.utf8).write(to: file)
        return file.path
    }

    @Test func resultsKeepTheOrderOfTheLines() throws {
        let lines = (0..<40).map { number in
            let prediction = number.isMultiple(of: 2) ? "\(number)" : "\(number + 1)"
            return
                #"{"id": \#(number), "gold": "\#(number)", "prediction": "\\boxed{\#(prediction)}"}"#
        }
        let outcome = try Program.run(
            "deepmath",
            ["grade", "--jsonl", try file(lines.joined(separator: "\n"))]
        )
        #expect(outcome.status == 0)
        #expect(
            outcome.output.split(separator: "\n").map(String.init)
                == (0..<40).map { number in
                    number.isMultiple(of: 2)
                        ? #"{"id":\#(number),"outcome":"right","answer":"\#(number)"}"#
                        : #"{"id":\#(number),"outcome":"wrong","answer":"\#(number + 1)"}"#
                }
        )
    }

    @Test func aPredictionWithoutABoxIsUnparsedAsInAnEvaluation() throws {
        let input = try file(#####"{"id": "a", "gold": "18", "prediction": "#### 18"}"#####)
        let outcome = try Program.run("deepmath", ["grade", "--jsonl", input])
        #expect(outcome.output == #"{"id":"a","outcome":"unparsed","answer":""}"# + "\n")
    }

    @Test func proseIsSearchedForItsAnswerWhereThatIsAskedFor() throws {
        let input = try file(#"{"id": "a", "gold": "1/2", "prediction": "The answer is 0.5."}"#)
        let output = try Program.scratchFolder().appending(path: "results.jsonl")
        let outcome = try Program.run(
            "deepmath",
            ["grade", "--prose", "--jsonl", input, "--output", output.path]
        )
        #expect(outcome.status == 0)
        #expect(outcome.output == "")
        #expect(
            try String(contentsOf: output, encoding: .utf8)
                == #"{"id":"a","outcome":"right","answer":"The answer is 0.5."}"# + "\n"
        )
    }

    @Test func anAnswerBeyondItsLimitIsUnparsedAndTheNextLineIsGraded() throws {
        let input = try file(
            """
            {"id": 1, "gold": "\\\\int_0^1 e^{x^3} dx", "prediction": "\\\\boxed{\\\\int_0^2 e^{x^4} dx}"}
            {"id": 2, "gold": "5", "prediction": "\\\\boxed{5}"}
            """
        )
        let outcome = try Program.run(
            "deepmath",
            [
                "grade", "--jsonl", input, "--set", "grading.workers=1", "--set",
                "grading.answer_seconds=0.02",
            ]
        )
        #expect(
            outcome.output.split(separator: "\n") == [
                #"{"id":1,"outcome":"unparsed","answer":"\\int_0^2 e^{x^4} dx"}"#,
                #"{"id":2,"outcome":"right","answer":"5"}"#,
            ]
        )
    }

    @Test func aBadLineEndsTheCommandBeforeAnythingIsGraded() throws {
        let input = try file(
            """
            {"id": 1, "gold": "5", "prediction": "5"}
            {"id": 2, "prediction": "5"}
            """
        )
        let outcome = try Program.run("deepmath", ["grade", "--jsonl", input])
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(
            outcome.errors
                == "deepmath: \(input):2: field \"gold\": write the expected answer, "
                + "a text or a number\n"
        )
    }

    @Test func aPythonWithoutMathVerifyIsOneLine() throws {
        let input = try file(#"{"id": 1, "gold": "5", "prediction": "\\boxed{5}"}"#)
        let program = try Program(
            "deepmath",
            ["grade", "--jsonl", input, "--set", "grading.python=/usr/bin/python3"]
        )
        let outcome = try program.finish()
        #expect(outcome.status == 1)
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains("/usr/bin/python3 -m pip install math-verify"))
        #expect(try program.survivors(after: 5) == [])
    }
}
