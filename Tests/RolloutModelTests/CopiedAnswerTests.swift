import RolloutModel
import Testing

@Suite struct CopiedAnswerTests {
    /// An answer, the statement, the expected answer.
    struct Case: CustomTestStringConvertible, Sendable {
        let answer: String
        let statement: String
        let gold: String
        var testDescription: String { "\(answer) in \(statement), expected \(gold)" }

        init(_ answer: String, _ statement: String, _ gold: String) {
            (self.answer, self.statement, self.gold) = (answer, statement, gold)
        }

        var isCopied: Bool { CopiedAnswer.isCopied(answer, from: statement, gold: gold) }
    }

    private static let sum = #"Compute $$\sum_{k=1}^{10} \frac{1}{k(k+1)}.$$"#
    private static let root = #"Simplify $\sqrt{242}$ and $\left( \dfrac{3}{4} \right)^{2}$."#

    @Test(arguments: [
        Case(#"\sum_{k=1}^{10} \frac{1}{k(k+1)}"#, sum, #"\frac{10}{11}"#),
        Case(#"\displaystyle\sum_{k=1}^{10}\dfrac1{k(k+1)}"#, sum, #"\frac{10}{11}"#),
        Case(#"$\sum\limits_{k=1}^{10}\,\tfrac{1}{k (k+1)}$."#, sum, #"\frac{10}{11}"#),
        Case(#"{\sum_{k=1}^{10} \frac{1}{k\left(k+1\right)}}"#, sum, #"\frac{10}{11}"#),
        Case(#"\sqrt{242}"#, root, #"11\sqrt{2}"#),
        Case(#"(\frac34)^2"#, root, #"\frac{9}{16}"#),
        Case("√242", "Simplify √{242}.", "11√2"),
        Case("2^10 - 1", "What is $2^{10}-1$?", "1023"),
        Case("2**10 − 1", "What is $2^{10}-1$?", "1023"),
        Case("3 × 4", #"Find $3 \cdot 4$."#, "12"),
        Case("10,000 - 1", #"Find $10{,}000-1$."#, "9999"),
        Case(#"x \leq 5"#, "Let x ≤ 5.", "4"),
        Case(#"\text{the blue car}"#, "Is it the blue car, or the red?", "red"),
        Case("7", "Find the last digit of $3^{7}$.", "1"),
        Case("-5", "The sum is -5, or $(-5)$.", "2"),
        Case(#"12^{\circ}"#, "An angle of 12°.", "30"),
        Case("{a}", "Let $a$ be.", "1"),
    ])
    func aTextOfTheStatementIsACopy(_ example: Case) {
        #expect(example.isCopied)
    }

    @Test(arguments: [
        Case("5", "Find 15 + 5.2 + x_{55}.", "1"),
        Case("1", "Find 1,000 + 1{,}000.", "2000"),
        Case("n", "Give the answer in minutes.", "3"),
        Case("-5", "Let $x-5$ and $(x)-5$.", "1"),
        Case("x+1", "Let $x + 11$.", "1"),
        Case("", "Anything.", "1"),
        Case(#"\,"#, "Any thing.", "1"),
        Case("}", "Anything.", "1"),
        Case("sin", "Business is business.", "1"),
        Case(String(repeating: "x+", count: 900), "x+x", "1"),
    ])
    func whatIsPartOfALongerTokenOrNotThereIsNone(_ example: Case) {
        #expect(!example.isCopied)
    }

    @Test(arguments: [
        Case("12", "Is it 12 or 13?", "12"),
        Case(#"\dfrac{1}{2}"#, #"Is $\frac12$ right?"#, #"\frac{1}{2}"#),
        Case("0.5", "Round 0.5.", #"\frac{1}{2}"#),
        Case(#"50\%"#, #"It grew by 50\%."#, "0.5"),
        Case("1,000", "He has 1,000 marbles.", "1000"),
        Case("5 cm", "A side of 5 cm.", "5"),
        Case("(C)", "Choose: (A) 1 (B) 2 (C) 3", "C"),
        Case("(C) 3", "Choose: (A) 1 (B) 2 (C) 3", "C"),
        Case(#"\textbf{(C)}\ 3"#, "Choose: (A) 1 (B) 2 (C) 3", "(C)"),
        Case("C", "Choose: A. 1 B. 2 C. 3", "C"),
    ])
    func theExpectedAnswersOwnTextIsNone(_ example: Case) {
        #expect(!example.isCopied)
    }

    @Test(arguments: ["{", "}}", "\\", "\\frac", "\\sqrt[", "{{{", "^", "\\text{", "1,", "1,00"])
    func anyTextCanBeRead(_ text: String) {
        #expect(!CopiedAnswer.isCopied(text, from: "nothing of it", gold: "1"))
        #expect(!CopiedAnswer.isCopied(text, from: text, gold: text))
    }

    @Test func aLongAnswerTakesLittleTime() {
        let long = String(repeating: "{x^2,", count: 40_000)
        let duration = ContinuousClock().measure {
            #expect(!CopiedAnswer.isCopied(long, from: "x" + long.dropLast(3), gold: "1"))
        }
        #expect(duration < .seconds(10))
    }
}
