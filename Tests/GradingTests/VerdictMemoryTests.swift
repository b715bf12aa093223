import RolloutModel
import Testing

@testable import Grading

@Suite struct VerdictMemoryTests {
    private func question(_ answer: String) -> VerdictMemory.Question {
        VerdictMemory.Question(gold: "5", answer: answer, form: .boxed)
    }

    private let wrong = VerdictMemory.Verdict(outcome: .wrong, canonicalAnswer: "6")

    @Test func aVerdictHoldsForTheSameTextsOnly() {
        var memory = VerdictMemory()
        memory.note(wrong, on: question("6"))
        #expect(memory.verdict(on: question("6")) == wrong)
        #expect(memory.verdict(on: question("7")) == nil)
        let other = VerdictMemory.Question(gold: "6", answer: "6", form: .boxed)
        #expect(memory.verdict(on: other) == nil)
        let asText = VerdictMemory.Question(gold: "5", answer: "6", form: .text)
        #expect(memory.verdict(on: asText) == nil)
    }

    /// U+2260 is one sign to the grader, and `=` with a stroke another.
    @Test func textsThatOnlySwiftTakesForEqualAreDifferent() {
        var memory = VerdictMemory()
        memory.note(wrong, on: question("x\u{2260}5"))
        #expect("x\u{2260}5" == "x=\u{338}5")
        #expect(memory.verdict(on: question("x=\u{338}5")) == nil)
    }

    @Test(arguments: [Grade.Outcome.timeout, .error, .ungraded])
    func whatTheMomentDecidedIsForgotten(outcome: Grade.Outcome) {
        var memory = VerdictMemory()
        memory.note(VerdictMemory.Verdict(outcome: outcome, canonicalAnswer: ""), on: question("6"))
        #expect(memory.verdict(on: question("6")) == nil)
    }

    @Test func theLastOnesAreKeptAndTheOldestGo() {
        var memory = VerdictMemory(capacity: 10)
        for number in 0..<100 { memory.note(wrong, on: question("\(number)")) }
        for number in 90..<100 { #expect(memory.verdict(on: question("\(number)")) == wrong) }
        #expect(memory.verdict(on: question("0")) == nil)
    }

    @Test func oneThatIsAskedForAgainStays() {
        var memory = VerdictMemory(capacity: 10)
        memory.note(wrong, on: question("asked"))
        for number in 0..<100 {
            #expect(memory.verdict(on: question("asked")) == wrong)
            memory.note(wrong, on: question("\(number)"))
        }
    }

    @Test func longTextsAreLeftOut() {
        var memory = VerdictMemory()
        let long = question(String(repeating: "1", count: 2000))
        memory.note(wrong, on: long)
        #expect(memory.verdict(on: long) == nil)
    }
}
