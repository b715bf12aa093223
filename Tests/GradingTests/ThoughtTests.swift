import Grading
import Testing

@Suite struct ThoughtTests {
    @Test func theLastMarkDecides() {
        #expect(Thought.isOpen(atEndOf: ["a <think>b"]) == true)
        #expect(Thought.isOpen(atEndOf: ["<think>b</think>c"]) == false)
        #expect(Thought.isOpen(atEndOf: ["<think>b", "no mark"]) == true)
        #expect(Thought.isOpen(atEndOf: ["<think>", "</think>", ""]) == false)
        #expect(Thought.isOpen(atEndOf: ["a < b"]) == nil)
        #expect(Thought.isOpen(atEndOf: []) == nil)
    }

    @Test func whatStandsInAnUnfinishedThoughtIsLeftOut() {
        let unfinished = Thought.removingUnfinished(from:isOpenAtStart:)
        #expect(unfinished("a \\boxed{1} <think> \\boxed{2}", false) == "a \\boxed{1} ")
        #expect(unfinished("<think>a</think> b <think>c <think>d", false) == "<think>a</think> b ")
        #expect(unfinished("perhaps \\boxed{2}", true) == "")
        #expect(unfinished("a</think> \\boxed{2}", true) == "a</think> \\boxed{2}")
        #expect(unfinished("a</think> b<think>c", true) == "a</think> b")
        #expect(unfinished("\\boxed{2}", false) == "\\boxed{2}")
        #expect(unfinished("x < 1 <thin", false) == "x < 1 <thin")
    }
}
