import Grading
import Testing

@Suite struct BoxedAnswerTests {
    @Test(arguments: [
        (#"so \boxed{5}."#, "5"),
        (#"\boxed{1} then \boxed{2}"#, "2"),
        (#"\boxed{\frac{1}{2}}"#, #"\frac{1}{2}"#),
        (#"\boxed{ x^{2^{3}} }"#, "x^{2^{3}}"),
        (#"\boxed {7}"#, "7"),
        (#"\fbox{8}"#, "8"),
        (#"\boxed{\{1, 2\}}"#, #"\{1, 2\}"#),
        (#"\boxed{\left\{ 3 \right.}"#, #"\left\{ 3 \right."#),
        (#"$\boxed 5$"#, "5"),
        (#"\boxed 12."#, "12"),
        (#"\boxed{\boxed{9}}"#, "9"),
        (#"\boxed{x = \boxed{9}}"#, #"x = \boxed{9}"#),
        (#"\boxed{½ → é}"#, "½ → é"),
        (#"\\boxed{3}"#, "3"),
        ("\\boxed{\n4\n}", "4"),
        (#"$\boxed5$"#, "5"),
        (
            #"\boxed{\begin{pmatrix}{1}\\{2}\end{pmatrix}}"#,
            #"\begin{pmatrix}{1}\\{2}\end{pmatrix}"#
        ),
        (#"\boxed{\\{1, 2\\}}"#, #"\\{1, 2\\}"#),
    ]) func theLastCompleteBoxIsTaken(_ text: String, _ answer: String) {
        #expect(BoxedAnswer.last(in: text) == answer)
    }

    @Test(arguments: [
        (#"\boxed{1} and \boxed{2}"#, "1, 2"),
        (#"$\boxed{1}$, $\boxed{2}$ or $\boxed{3}$"#, "1, 2, 3"),
        (#"$x_1=\boxed{1} \quad\text{and}\quad x_2 = \boxed{2}$"#, "1, 2"),
        (#"\(y = \boxed{x + 1} \) and \( z = \boxed{x} \)"#, "x + 1, x"),
        (#"\boxed{1}\boxed{2}"#, "1, 2"),
        (#"\boxed{5}, \boxed{5}"#, "5"),
    ]) func boxesThatOnlyConnectivesPartAreOneAnswer(_ text: String, _ answer: String) {
        #expect(BoxedAnswer.last(in: text) == answer)
    }

    @Test(arguments: [
        #"\boxed{1} \boxed{2}"#, #"\boxed{1}, no: \boxed{2}"#, #"\boxed{1}, and so \boxed{2}"#,
        #"\boxed{1}, hence xy = \boxed{2}"#, "\\boxed{1},\n\n\\boxed{2}",
    ]) func otherwiseTheLastBoxReplacesTheOneBefore(_ text: String) {
        #expect(BoxedAnswer.last(in: text) == "2")
    }

    @Test(arguments: [
        "", "5", "the box is boxed{5}", #"\boxed{"#, #"\boxed{5"#, #"\boxed{\frac{1}{2}"#,
        #"\boxed{}"#, #"\boxed{  }"#, #"put it in \boxed and stop"#, #"\boxedx{5}"#, #"\boxed"#,
    ]) func withoutACompleteBoxThereIsNoAnswer(_ text: String) {
        #expect(BoxedAnswer.last(in: text) == nil)
    }

    @Test func anUnclosedOrEmptyBoxDoesNotHideAnEarlierOne() {
        #expect(BoxedAnswer.last(in: #"\boxed{1} and \boxed{2"#) == "1")
        #expect(BoxedAnswer.last(in: #"\boxed{1} as asked in \boxed{}"#) == "1")
        #expect(BoxedAnswer.last(in: #"stray } and { before \boxed{6}"#) == "6")
    }

    @Test(arguments: [
        (#"$a = -\boxed{256}$."#, "-256"), (#"is $\boxed{3}\pi$."#, #"3\pi"#),
        (#"= - \boxed{x+1}$"#, "-(x+1)"), (#"$\boxed{50}\%$"#, #"50\%"#),
        (#"$\boxed{23}n$"#, "23n"), (#"$= 3\boxed{\pi}$"#, #"3\pi"#),
        (#"$\boxed{90}^\circ$"#, #"90^\circ"#),
    ]) func aSignOrFactorBesideTheBoxBelongsToIt(_ text: String, _ answer: String) {
        #expect(BoxedAnswer.last(in: text) == answer)
    }

    @Test(arguments: [
        "- \\boxed{5}", "x - \\boxed{5}", "\\boxed{5} a day", "$\\boxed{5}$n", "so 2\\boxed{5}",
        "the answer is \\boxed{5}!",
    ]) func whatIsNoFactorStaysOutside(_ text: String) {
        #expect(BoxedAnswer.last(in: text) == "5")
    }

    @Test(arguments: [
        #"\boxed{answer}"#, #"\boxed{\text{your answer}}"#, #"\boxed{...}"#, #"\boxed{\cdots}"#,
        #"\boxed{?}"#,
        #"\boxed{\text{final answer here}}"#, #"\boxed{___}"#,
    ]) func aPlaceholderIsNoAnswer(_ text: String) {
        #expect(BoxedAnswer.last(in: text) == nil)
        #expect(BoxedAnswer.last(in: "\\boxed{5}, as asked in " + text) == "5")
    }

    @Test func anAnnouncedFinalAnswerReplacesTheBoxBeforeIt() {
        #expect(BoxedAnswer.last(in: "\\boxed{E = mc}\n\n**Answer: D**") == "D")
        #expect(
            BoxedAnswer.last(in: "\\boxed{255} The final answer is $10,455$. I hope") == "10,455"
        )
        #expect(BoxedAnswer.last(in: "\\boxed{5} The answer is 5 apples.") == "5")
        #expect(BoxedAnswer.last(in: "The answer is $4$. \\boxed{5}") == "5")
    }

    @Test func theCostIsLinear() {
        // Quadratic work on a million bytes would take minutes.
        let text = String(repeating: #"\boxed{"#, count: 150_000)
        #expect(BoxedAnswer.last(in: text) == nil)
        #expect(BoxedAnswer.last(in: text + "1}") == "1")
        let chain = (0..<50_000).map { "\\boxed{\($0)}" }.joined(separator: ", ")
        #expect(BoxedAnswer.last(in: chain)?.hasSuffix("49998, 49999") == true)
    }
}
