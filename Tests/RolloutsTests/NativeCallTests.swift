import Testing

@testable import Rollouts

/// Calls in JSON and XML inside the tags.
@Suite struct NativeCallTests {
    private func request(_ call: String) -> TurnReading.Request {
        TurnReading("So I call it.\n<tool_call>\n\(call)\n</tool_call>").request
    }

    @Test(arguments: [
        #"{"name": "python", "arguments": {"code": "x = 1\nprint(x)"}}"#,
        "{\"name\": \"python\", \"arguments\": {\"code\": \"x = 1\nprint(x)\"}}",
        #"{"name": "python", "arguments": "{\"code\": \"x = 1\\nprint(x)\"}"}"#,
        #"{"name": "code_interpreter", "parameters": {"code": "x = 1\nprint(x)"}}"#,
        #"{"arguments": {"code": "x = 1\nprint(x)"}, "name": "execute_python"}"#,
        #"{"type": "function", "function": {"name": "python", "arguments": "x = 1\nprint(x)"}}"#,
        #"{"code": "x = 1\nprint(x)"}"#,
        #"{'name': 'python', 'arguments': {'code': 'x = 1\nprint(x)'}}"#,
        #"{"name": "python", "arguments": {"code": "x = 1\nprint(x)"}"#,
        #"{"name": "python", "arguments": {"code": "x = 1\nprint(x)"}}}"#,
        #"{"name": "python", "arguments": {"code": "```python\nx = 1\nprint(x)\n```"}}"#,
        #"{"name": "python", "arguments": {"code": "  x = 1\n  print(x)\n"}}"#,
        #"{"name": "python", "arguments": {"code": """x = 1\nprint(x)"""}, "timeout": 5, "a": null}"#,
        #"[{"name": "python", "arguments": {"code": "x = 1\nprint(x)"}}]"#,
        "```json\n{\"name\":\"python\",\"arguments\":{\"code\":\"x = 1\\nprint(x)\"}}\n```",
        "I call Python now.\n{\"name\":\"python\",\"arguments\":{\"code\":\"x = 1\\nprint(x)\"}}",
        "<function=python>\n<parameter=code>\nx = 1\nprint(x)\n</parameter>\n</function>",
        "<function=python><parameter=code>x = 1\nprint(x)</parameter></function>",
        "<function=python>\n<parameter=code>\nx = 1\nprint(x)",
        "<function name=\"python\">\n<parameter name=\"code\">x = 1\nprint(x)</parameter></function>",
        "<invoke name=\"python\"><parameter name=\"code\">x = 1\nprint(x)</parameter></invoke>",
        "<function=python>{\"code\": \"x = 1\\nprint(x)\"}</function>",
        "<function=python>\nx = 1\nprint(x)\n</function>",
        "python\n<arg_key>code</arg_key>\n<arg_value>x = 1\nprint(x)</arg_value>",
        "<code>\nx = 1\nprint(x)\n</code>", "<python>x = 1\nprint(x)</python>",
        "python<arg_key>code</arg_key><arg_value>x = 1\nprint(x)</arg_value>",
    ])
    func theProgramOfACallIsRun(call: String) {
        #expect(request(call) == .run(["x = 1\nprint(x)"]))
    }

    @Test(arguments: [
        (#"{"name": "search", "arguments": {"query": "pi"}}"#, "\"search\""),
        (#"{"name": "search<|im_end|>", "arguments": {"code": "1"}}"#, "\"searchim_end\""),
        ("<function=browse>\n<parameter=url>\nx\n</parameter>\n</function>", "\"browse\""),
        ("search\n<arg_key>code</arg_key>\n<arg_value>1</arg_value>", "\"search\""),
        (#"{"name": "python", "arguments": {"query": "pi"}}"#, "no argument \"code\""),
        (#"{"name": "python"}"#, "no argument \"code\""),
        (
            "<function=python>\n<parameter=text>\nx\n</parameter>\n</function>",
            "no argument \"code\""
        ),
        ("<function=python>\n</function>", "no argument \"code\""),
        (#"{"name": "python", "arguments": {"code": "print("hi")"}}"#, "cannot be read"),
        (#"{"name": "python", "arguments": {"code": ""}}"#, "empty"),
        ("<tool>python</tool>\n<input>1</input>", "cannot be read"),
    ])
    func aCallThatCannotBeRunIsRefusedWithWords(call: String, words: String) {
        guard case .invalid(let problem) = request(call) else {
            Issue.record("\(request(call))")
            return
        }
        #expect(problem.contains(words), "\(problem)")
    }

    @Test(arguments: [
        "{1, 2, 3}", "{\"a\": 1}[\"a\"]", "[1, 2]", "{n: n**2 for n in range(3)}", "{'a': \"}\"}",
        "[x for x in 'abc']", "print('<arg_key>code</arg_key>')", "{\"x\": 1, \"y\": \"code\"}",
    ])
    func aLiteralOfPythonIsPython(code: String) {
        #expect(request(code) == .run([code]))
    }

    @Test func severalCallsInOneTagKeepTheirOrder() {
        let one = #"{"name": "python", "arguments": {"code": "a = 1"}}"#
        let two = #"{"name": "python", "arguments": {"code": "a"}}"#
        #expect(request(one + "\n" + two) == .run(["a = 1", "a"]))
        #expect(request("[\(one), \(two)]") == .run(["a = 1", "a"]))
        let xml = { (code: String) in
            "<function=python>\n<parameter=code>\n\(code)\n</parameter>\n</function>\n"
        }
        #expect(request(xml("a = 1") + xml("a")) == .run(["a = 1", "a"]))
    }

    @Test func marksInTheProgramEndNothing() {
        let code = #"print('</tool_call>', \"</parameter>\", '</function>')"#
        let plain = code.replacing("\\", with: "")
        #expect(request(#"{"name": "python", "arguments": {"code": "\#(code)"}}"#) == .run([plain]))
        let xml = "<function=python>\n<parameter=code>\n\(plain)\n</parameter>\n</function>"
        #expect(request(xml) == .run([plain]))
        let raw = "{\"name\": \"python\", \"arguments\": {\"code\": \"x='\n</tool_call>'\"}}"
        #expect(request(raw) == .run(["x='\n</tool_call>'"]))
    }

    @Test func escapesMeanWhatTheyMeanInJSON() {
        let call = #"{"code": "a\tb\u00e9\ud83d\ude00\\n\/\(\"'\ud83d"}"#
        #expect(request(call) == .run(["a\tbé😀\\n/\\(\"'\u{fffd}"]))
    }

    @Test func depthHasABound() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(request(deep) == .run([deep]))
        #expect(request(String(repeating: "{\"a\":", count: 50_000)) != .nothing)
    }
}
