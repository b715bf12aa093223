import Grading
import Rollouts
import Testing

@Suite struct TurnReadingTests {
    @Test func aToolCallIsRun() {
        let reading = TurnReading("Let me compute.\n<tool_call>\nprint(1+1)\n</tool_call>")
        #expect(reading.request == .run(["print(1+1)"]))
        #expect(reading.prose == "Let me compute.\n")
    }

    @Test func aPythonFenceIsRun() {
        #expect(TurnReading("So\n```python\nx = 1\nx\n```\n").request == .run(["x = 1\nx"]))
        #expect(TurnReading("So\n```py\nx\n```").request == .run(["x"]))
    }

    @Test func aFenceInsideTheTagsIsPeeledOff() {
        let text = "<tool_call>\n```python\nprint(2)\n```\n</tool_call>"
        #expect(TurnReading(text).request == .run(["print(2)"]))
    }

    @Test func aFenceInsideTheTagsEndsTheBlockWhereTheTurnWasHaltedAtIt() {
        #expect(
            TurnReading("So\n<tool_call>\n```python\nprint(2)\n```\n").request == .run(["print(2)"])
        )
        guard case .invalid = TurnReading("<tool_call>\n```python\nprint(2)\n").request else {
            Issue.record("a fence that is open is no program")
            return
        }
    }

    @Test func emptyLinesAroundTheCodeAreCutOffAndNoneWithin() {
        let text = "<tool_call>\n\n \t\n  x = 1\n\n\n  x\n \n\n</tool_call>"
        #expect(TurnReading(text).request == .run(["x = 1\n\n\nx"]))
    }

    @Test func linesMayEndAsOnWindows() {
        let text = "<tool_call>\r\n```python\r\na = 2\r\na\r\n```\r\n</tool_call>"
        #expect(TurnReading(text).request == .run(["a = 2\r\na\r"]))
    }

    @Test func nothingBetweenTwoFencesIsNoCode() {
        let text = "<tool_call>\n```\n```\n</tool_call>"
        #expect(TurnReading(text).request == .invalid("the code block is empty"))
    }

    @Test func severalSnippetsKeepTheirOrder() {
        let text = "<tool_call>\na=1\n</tool_call> and ```python\na+1\n``` then"
        #expect(TurnReading(text).request == .run(["a=1", "a+1"]))
    }

    @Test func theCallWinsOverABoxBeforeIt() {
        let text = "It is \\boxed{4}, I check.\n<tool_call>\n2+2\n</tool_call>"
        #expect(TurnReading(text).request == .run(["2+2"]))
    }

    @Test func aBoxThatClosesAfterTheCallWins() {
        let text = "<tool_call>\n2+2\n</tool_call>\nso \\boxed{4}"
        #expect(TurnReading(text).request == .answer)
    }

    @Test func aBoxInCodeIsNoAnswer() {
        let text = "<tool_call>\nprint(r'\\boxed{5}')\n</tool_call>"
        #expect(TurnReading(text).request == .run(["print(r'\\boxed{5}')"]))
    }

    @Test func nestedBracesCloseTheBox() {
        #expect(TurnReading("\\boxed{\\frac{1}{2}}").request == .answer)
        #expect(TurnReading("\\boxed{\\frac{1}{2}").request == .nothing)
        #expect(TurnReading("\\boxed{\\{1, 2\\}}").request == .answer)
    }

    @Test func whatEndsAnAttemptIsWhatTheGraderReads() {
        #expect(TurnReading("so $\\boxed 5$").request == .answer)
        #expect(TurnReading("\\boxed{}").request == .nothing)
    }

    @Test func anUnclosedBlockIsInvalid() {
        guard case .invalid(let problem) = TurnReading("<tool_call>\nprint(1)").request else {
            Issue.record("an unclosed block must be invalid")
            return
        }
        #expect(problem.contains("</tool_call>"))
        guard case .invalid(let problem) = TurnReading("```python\nprint(1)").request else {
            Issue.record("an unclosed fence must be invalid")
            return
        }
        #expect(problem.contains("```"))
    }

    @Test func anEmptyBlockIsInvalid() {
        #expect(
            TurnReading("<tool_call>\n \n</tool_call>").request
                == .invalid("the code block is empty")
        )
    }

    @Test func anOutputBlockThatTheModelBeginsIsLeftOpen() {
        let reading = TurnReading("```python\n1+1\n```\n```output")
        #expect(reading.request == .run(["1+1"]))
        #expect(reading.opensOutput)
    }

    @Test func anInventedOutputIsNeitherCodeNorProse() {
        let reading = TurnReading("a ```output\n\\boxed{9}\n``` b")
        #expect(reading.request == .nothing)
        #expect(reading.prose == "a  b")
    }

    @Test func plainTextAsksForNothing() {
        #expect(TurnReading("I do not know.").request == .nothing)
        #expect(TurnReading("").request == .nothing)
    }

    @Test func aThoughtIsOpenUntilItIsClosed() {
        #expect(TurnReading("<think>\nhm").endsInThought == true)
        #expect(TurnReading("<think>\nhm\n</think>\nso").endsInThought == false)
        #expect(TurnReading("hm\n</think>\nso").endsInThought == false)
        #expect(TurnReading("<think>a</think> b <think>c").endsInThought == true)
        #expect(TurnReading("so").endsInThought == nil)
    }

    @Test func aCallInAThoughtIsRun() {
        let text = "<think>\nIs it \\boxed{4}? I check.\n<tool_call>\n2+2\n</tool_call>"
        #expect(TurnReading(text).request == .run(["2+2"]))
    }

    @Test func aBoxAfterTheThoughtIsTheAnswer() {
        let reading = TurnReading("I guess \\boxed{3}.\n</think>\nIt is $\\boxed{4}$.")
        #expect(reading.request == .answer)
        #expect(BoxedAnswer.last(in: reading.prose) == "4")
    }
}
