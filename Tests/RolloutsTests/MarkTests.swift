import Grading
import Testing

@testable import Rollouts

/// Which marks are marks, and where what they begin ends.
@Suite struct MarkTests {
    @Test(arguments: [
        "Python", "python", "PY", "py3", "python3", "python3.12", " python", "python ", "{python}",
        "{.python .numberLines}", "python title=x", "python title=\"a b\" linenos", "py main.py",
        "python {numbers}", "python:main.py",
    ])
    func aLabelOfPythonInAnyFormIsOne(label: String) {
        #expect(TurnReading("So\n```\(label)\nprint(1)\n```\n").request == .run(["print(1)"]))
    }

    @Test(arguments: [
        "pytest", "pycon", "python-console", "json", "text", "", "output2", "outputs", "javascript",
        "cpython", "pyx", "bash",
    ])
    func anotherLabelIsNoCode(label: String) {
        let reading = TurnReading("So\n```\(label)\nx \\boxed{2}\n```\n")
        #expect(reading.request == .answer)
        #expect(BoxedAnswer.last(in: reading.prose) == "2")
    }

    @Test func anIndentedBlockLosesItsIndentation() {
        let program = "if x:\n    y = 1\n\nprint(y)"
        for indentation in ["", "  ", "      ", "\t"] {
            let lines = program.split(separator: "\n", omittingEmptySubsequences: false)
            let text = lines.map { $0.isEmpty ? "" : indentation + $0 }.joined(separator: "\n")
            #expect(
                TurnReading("1. So\n\(indentation)```python\n\(text)\n\(indentation)```").request
                    == .run([program])
            )
            #expect(TurnReading("<tool_call>\n\(text)\n</tool_call>").request == .run([program]))
        }
        #expect(TurnReading("<tool_call> x = 1\nx\n</tool_call>").request == .run(["x = 1\nx"]))
        #expect(
            TurnReading("```python\n  a\r\n  b\r\n```").request == .run(["a\r\nb\r"])
        )
    }

    @Test(arguments: [
        "I will not use `<tool_call>` here. It is \\boxed{5}.",
        "I could use ```python blocks but do not need one. It is \\boxed{5}.",
        "I could use ```python blocks but do not need one.\nIt is \\boxed{5}.",
        "```python blocks are not needed.\nIt is \\boxed{5}.",
        "A ```python``` block is not needed. It is \\boxed{5}.",
        "A ` ```python ` block is not needed. It is \\boxed{5}.",
        "I do not need the <tool_call> tag, for it is \\boxed{5}.",
        "I need \"<tool_call>\", '<tool_call>' and *<tool_call>* no more. It is \\boxed{5}.",
        "<think>I could use <tool_call> later</think> It is \\boxed{5}.",
        "No <tool_call>.\nIt is \\boxed{5}.",
        "It is \\boxed{5}; no need of <tool_call> and </tool_call>.",
        "It is \\boxed{5}; no need of `<tool_call>x</tool_call>`.",
        "It is \\boxed{5}; no <tool_call>...</tool_call> needed.",
        "It is \\boxed{5}. The ```output block is not needed.",
        "It is \\boxed{5}. A <tool_calls> or <tool_call or so> is nothing.",
        "It is ``quoted'' and \\boxed{5}, without `code.",
    ])
    func aMarkThatIsOnlyMentionedIsProse(text: String) {
        let reading = TurnReading(text)
        #expect(reading.request == .answer)
        #expect(reading.prose == text)
    }

    @Test func aMentionInFrontOfACallHidesNothing() {
        let text = "I use the <tool_call> tag for this.\n\n<tool_call>\nprint(1)\n</tool_call>"
        let reading = TurnReading(text)
        #expect(reading.request == .run(["print(1)"]))
        #expect(reading.prose == "I use the <tool_call> tag for this.\n\n")
        let quoted = "With `print` and `x`: <tool_call>print(x)</tool_call>"
        #expect(TurnReading(quoted).request == .run(["print(x)"]))
    }

    @Test func aCallWithinALineIsRun() {
        for code in [
            "print(1)", "x", "a", "import math", "a and b", "x in y", "a, b = 1, 2", "not x",
        ] {
            #expect(TurnReading("So <tool_call>\(code)</tool_call>").request == .run([code]))
        }
        for code in ["print(1)", "x = 1", "import math", "from math import pi", "a, b = 1, 2"] {
            guard case .invalid = TurnReading("So <tool_call>\(code)").request else {
                Issue.record("\(code) is a program that lacks its end")
                continue
            }
        }
    }

    @Test(arguments: [
        "print('use </tool_call> here')", "print(\"</tool_call>\")", "s = '''\n</tool_call>\n'''",
        "s = r\"\"\"\n'</tool_call>\n\"\"\"\nprint(s)", "s = f'{x} </tool_call>' # it's",
        "# not </tool_call> yet\nprint(1)", "s = 'a\\'</tool_call>'", "s = '' + '</tool_call>'",
        "x = 'a' \\\n  '</tool_call>'", "s = rb'\\'</tool_call>'",
        "print('don\\'t') # </tool_call> or",
    ])
    func aMarkInAStringOrCommentIsPartOfTheProgram(code: String) {
        #expect(TurnReading("<tool_call>\n\(code)\n</tool_call>").request == .run([code]))
        let fenced = code.replacing("</tool_call>", with: "```")
        #expect(TurnReading("```python\n\(fenced)\n```\n").request == .run([fenced]))
    }

    @Test func aStringThatLacksItsEndEndsAtTheFirstMark() {
        for code in ["print('hi", "print('don't')\nx = 'a", "x = '''a", "x = \"a\nb = '"] {
            let reading = TurnReading("<tool_call>\n\(code)</tool_call>\nso")
            #expect(reading.request == .run([code]))
            #expect(reading.prose == "\nso")
        }
        let text = "<tool_call>x = 1 # all</tool_call>\nand\n<tool_call>\nx\n</tool_call>"
        #expect(TurnReading(text).request == .run(["x = 1 # all", "x"]))
        let open = TurnReading("<tool_call>\nx = '''\n")
        #expect(open.endsInString && open.endsInCode)
        #expect(!TurnReading("<tool_call>\nx = 'a'\n</tool_call>").endsInString)
    }

    @Test func whatElseStandsInsideTheTagsIsLeftOut() {
        for inside in [
            "<tool_call>\nprint(5)", "\n\n<tool_call>print(5)",
            "```python\nprint(5)\n```\nThis prints 5.", "```\nprint(5)\n```",
            "Let me compute:\n```python\nprint(5)\n```\nIt's done.", "```Python\nprint(5)",
            "I call it once more.\n<tool_call>\nprint(5)", "print(5)\n```",
            "print(5)\n```\nThis is 5.",
            "The code is:\nprint(5)", "print(5)\nThis prints 5.",
            "Let me see.\n\nprint(5)\n\nIt's 5.",
            "print(5)\n```output\n5\n```", "   ```python\n   print(5)\n   ```",
        ] {
            #expect(
                TurnReading("<tool_call>\n\(inside)\n</tool_call>").request == .run(["print(5)"]),
                "\(inside)"
            )
        }
        let two = "```python\na = 1\n```\nand then\n```python\na\n```"
        #expect(TurnReading("<tool_call>\n\(two)\n</tool_call>").request == .run(["a = 1", "a"]))
        let again = "<tool_call>\na = 1\n<tool_call>\na\n</tool_call>"
        #expect(TurnReading(again).request == .run(["a = 1", "a"]))
    }

    @Test(arguments: [
        "a, b = 1, 2\na, b", "match x:\n    case 1: pass", "x = QQQ\nsome text here\nQQQ",
        "print(x)\nx",
        "for x in y: pass", "if x: pass\nelse: pass", "from math import pi\npi", "not x",
    ])
    func noLineOfPythonIsTakenForProse(code: String) {
        let code = code.replacing("QQQ", with: "'''")
        #expect(TurnReading("<tool_call>\n\(code)\n</tool_call>").request == .run([code]))
    }

    @Test func aTagMayHaveAttributes() {
        for tag in [
            "<tool_call name=\"python\">", "<tool_call id='1' name='python'>", "<tool_call >",
        ] {
            let expected: TurnReading.Request = tag.contains("=") ? .run(["print(5)"]) : .nothing
            #expect(TurnReading("\(tag)\nprint(5)\n</tool_call>").request == expected)
        }
        guard
            case .invalid(let problem) = TurnReading(
                "<tool_call name=\"search\">\nprint(5)\n</tool_call>"
            ).request
        else {
            Issue.record("there is no search")
            return
        }
        #expect(problem.contains("\"search\""))
    }

    @Test func tagsInsideAFenceAreTags() {
        let text = "```python\n<tool_call>\nprint(1)\n</tool_call>\n```\n"
        #expect(TurnReading(text).request == .run(["print(1)"]))
    }

    @Test func aFenceOfFourMarksHoldsOneOfThree() {
        let text = "````python\nprint(1)\n# ```\n````\n"
        #expect(TurnReading(text).request == .run(["print(1)\n# ```"]))
    }

    @Test func aBlockOnOneLineIsRun() {
        #expect(TurnReading("So\n```python print(1)```\n").request == .run(["print(1)"]))
    }

    @Test func aFenceOfAnotherLanguageInsideTheTagsIsRefused() {
        let text = "<tool_call>\n```bash\nls\n```\n</tool_call>"
        guard case .invalid(let problem) = TurnReading(text).request else {
            Issue.record("bash is no Python")
            return
        }
        #expect(problem.contains("bash"))
    }

    @Test func readingHostileTextsTakesLittleTime() {
        for piece in [
            "<tool_call>", "`", "```python\n", "'''", "<tool_call>\n'", "# ```", "{\"code\":",
        ] {
            let text = String(repeating: piece, count: 1000)
            let duration = ContinuousClock().measure { _ = TurnReading(text) }
            #expect(duration < .seconds(5), "\(piece): \(duration)")
        }
    }
}
