import RolloutModel
import Rollouts
import Testing

@Suite struct AgentLoopTests {
    @Test func aCallThenAnAnswer() throws {
        var loop = AgentLoop(rules: rules())
        #expect(loop.begin(promptIDs: [1, 2], text: "p", wallSeconds: 0) == .sample(maxTokens: 30))
        #expect(loop.receive(turn("<tool_call>\n1+1\n</tool_call>", [3, 4])) == .run(["1+1"]))
        let block = "\n```output\n2\n```\n"
        #expect(loop.receive(outputs: ["2\n"]) == .tokenize(block))
        #expect(loop.insert([5], text: block, wallSeconds: 0) == .sample(maxTokens: 30))
        #expect(loop.receive(turn("\\boxed{2}", [6, 7])) == .finish(.answer))
        let trajectory = try loop.trajectory.trajectory()
        #expect(trajectory.ids == [1, 2, 3, 4, 5, 6, 7])
        #expect(trajectory.lossMask == [0, 0, 1, 1, 0, 1, 1])
        #expect(loop.prose.contains("\\boxed{2}"))
    }

    @Test func whatIsSentNextStartsWithEverythingSoFar() {
        var loop = AgentLoop(rules: rules())
        _ = loop.begin(promptIDs: [1], text: "", wallSeconds: 0)
        var sent = loop.trajectory.ids
        for step in 0..<5 {
            _ = loop.receive(turn("<tool_call>\nx\n</tool_call>", [Int32(step), 9]))
            #expect(loop.trajectory.ids.starts(with: sent + [Int32(step), 9]))
            _ = loop.insert([7], text: "o", wallSeconds: 0)
            sent = loop.trajectory.ids
        }
    }

    @Test func anEndWithoutBoxOrCallIsNoAnswer() {
        var loop = begun(rules())
        #expect(loop.receive(turn("hm", [3])) == .finish(.noAnswer))
    }

    @Test func aTurnCutByTheTotalIsATokenLimit() {
        var loop = begun(rules(outputTokens: 2))
        #expect(loop.receive(turn("hm", [3, 4], "length")) == .finish(.tokenLimit))
    }

    @Test func aTurnCutByTheContextIsAContextLimit() {
        var loop = begun(rules(contextTokens: 4))
        #expect(loop.receive(turn("hm", [3, 4], "length")) == .finish(.contextLimit))
    }

    @Test func aTurnCutByItsOwnLimitIsToldAndGoesOn() {
        var loop = begun(rules())
        guard case .tokenize(let text) = loop.receive(turn("hm", [3], "length")) else {
            Issue.record("a cut turn goes on while the total has room")
            return
        }
        #expect(text.contains("cut after 30 tokens"))
    }

    @Test func aCutTurnWithACompleteBoxIsAnAnswer() {
        var loop = begun(rules(outputTokens: 2))
        #expect(loop.receive(turn("\\boxed{1}", [3, 4], "length")) == .finish(.answer))
    }

    @Test func aBoxInAThoughtThatIsCutIsAGuess() {
        var loop = begun(rules())
        let cut = turn("<think>\nperhaps \\boxed{1}, or", [3, 4], "length")
        guard case .tokenize = loop.receive(cut) else {
            Issue.record("a model that still thinks has not answered")
            return
        }
        _ = loop.insert([5], text: "", wallSeconds: 0)
        #expect(loop.receive(turn("</think> \\boxed{2}", [6], "length")) == .finish(.answer))
    }

    @Test func aTurnThatIsHaltedInProseGoesOn() {
        var loop = begun(rules())
        #expect(loop.receive(turn("Observation:", [3])) == .sample(maxTokens: 30))
        #expect(loop.receive(turn("a table\n```\n", [4])) == .sample(maxTokens: 30))
        #expect(loop.receive(turn(" and no more", [5])) == .finish(.noAnswer))
    }

    @Test func aStopTextWithinALineOfAProgramIsPartOfIt() {
        var loop = begun(rules())
        let begin = turn("So <tool_call>\nprint('Observation:", [3])
        #expect(loop.receive(begin) == .sample(maxTokens: 30))
        let end = turn(" 1')\n</tool_call>", [4])
        #expect(loop.receive(end) == .run(["print('Observation: 1')"]))
        #expect(loop.prose == "So ")
        #expect(loop.lastTurnIndex == 2)
        #expect(AgentLoop.prose(of: loop.trajectory.turns, isAgent: true) == "So ")
    }

    @Test func aStopTextAloneOnItsLineOrOneThatClosesCodeEndsAProgramThatIsNotClosed() {
        for mark in ["Observation:", "  <end_code>", "```\n", "+ 1<end_code>", "+ 1```\n"] {
            var loop = begun(rules())
            guard case .tokenize(let advice) = loop.receive(turn("<tool_call>\n1\n\(mark)", [3]))
            else {
                Issue.record("\(mark) ends the program")
                continue
            }
            #expect(advice.contains("not closed with </tool_call>"))
        }
    }

    @Test func aStopTextInAStringOfAProgramIsPartOfIt() {
        for (parts, code) in [
            (
                ["<tool_call>\nprint('use </tool_call>", " here')\n</tool_call>"],
                "print('use </tool_call> here')"
            ),
            (
                ["```python\ns = '''\n```\n", "a\n```\n", "'''\ns\n```\n"],
                "s = '''\n```\na\n```\n'''\ns"
            ),
            (
                ["<tool_call>\ns = \"\"\"\nObservation:", "\n\"\"\"\n</tool_call>"],
                "s = \"\"\"\nObservation:\n\"\"\""
            ),
            (
                ["<tool_call>\n{\"code\": \"print('</tool_call>", "')\"}\n</tool_call>"],
                "print('</tool_call>')"
            ),
        ] {
            var loop = begun(rules())
            for (index, part) in parts.dropLast().enumerated() {
                #expect(
                    loop.receive(turn(part, [Int32(index)])) == .sample(maxTokens: 30),
                    "\(part)"
                )
            }
            #expect(loop.receive(turn(parts[parts.count - 1], [9])) == .run([code]))
            #expect(loop.prose.split { $0.isWhitespace }.isEmpty)
        }
    }

    @Test func aStringThatTheModelLeavesOpenIsRunWhenItEndsItsTurn() {
        var loop = begun(rules())
        let call = turn("<tool_call>\nprint('hi)\n</tool_call>", [3])
        #expect(loop.receive(call) == .run(["print('hi)"]))
        var long = begun(rules())
        #expect(
            long.receive(turn("<tool_call>\nx = '''a</tool_call>", [3])) == .sample(maxTokens: 30)
        )
        #expect(long.receive(turn("<|im_end|>", [4])) == .run(["x = '''a"]))
    }

    @Test func aMentionThatIsHaltedGoesOn() {
        var loop = begun(rules())
        #expect(
            loop.receive(turn("I need no `<tool_call>x</tool_call>", [3])) == .sample(maxTokens: 30)
        )
        #expect(loop.receive(turn("`. It is \\boxed{5}.", [4])) == .finish(.answer))
    }

    @Test func aCallInJSONStaysAsItWasSampled() throws {
        var loop = begun(rules())
        let text =
            "<tool_call>\n{\"name\": \"python\", \"arguments\": {\"code\": \"1+1\"}}\n</tool_call>"
        #expect(loop.receive(turn(text, [3, 4])) == .run(["1+1"]))
        let trajectory = try loop.trajectory.trajectory()
        #expect(trajectory.turns.last?.text == text && trajectory.ids.suffix(2) == [3, 4])
    }

    @Test func aCallOfAnotherToolIsAnsweredInWords() {
        var loop = begun(rules())
        let text = "<tool_call>\n{\"name\": \"search\", \"arguments\": {}}\n</tool_call>"
        guard case .tokenize(let advice) = loop.receive(turn(text, [3])) else {
            Issue.record("there is no search")
            return
        }
        #expect(advice.contains("no tool \"search\"") && advice.contains("Write Python between"))
    }

    @Test func aBoxInAThoughtThatALimitCutsOffIsNotGraded() {
        for isAgent in [true, false] {
            for (opens, text) in [
                (false, "<think>\nperhaps \\boxed{1}"), (true, "perhaps \\boxed{1}"),
            ] {
                var loop = AgentLoop(rules: rules(isAgent: isAgent, outputTokens: 2))
                _ = loop.begin(promptIDs: [1], text: "p", wallSeconds: 0, opensThought: opens)
                #expect(loop.receive(turn(text, [3, 4], "length")) == .finish(.tokenLimit))
                #expect(!loop.gradedText(at: .tokenLimit).contains("boxed"))
                #expect(graded(loop, at: .tokenLimit, isAgent) == loop.gradedText(at: .tokenLimit))
                var ended = AgentLoop(rules: rules(isAgent: isAgent))
                _ = ended.begin(promptIDs: [1], text: "p", wallSeconds: 0, opensThought: opens)
                #expect(ended.receive(turn(text, [3, 4])) == .finish(.answer))
                #expect(ended.gradedText(at: .answer) == text)
                var closed = AgentLoop(rules: rules(isAgent: isAgent, outputTokens: 2))
                _ = closed.begin(promptIDs: [1], text: "p", wallSeconds: 0, opensThought: opens)
                let answer = turn(text + "</think> \\boxed{2}", [3, 4], "length")
                #expect(closed.receive(answer) == .finish(.answer))
            }
        }
    }

    @Test func aThoughtThatGoesOnThroughCallsIsCutOffAsOne() {
        var loop = AgentLoop(rules: rules(stepLimit: 2))
        _ = loop.begin(promptIDs: [1], text: "p", wallSeconds: 0, opensThought: true)
        let first = turn("Is it \\boxed{4}?\n<tool_call>\nprint('</think>')\n</tool_call>", [3])
        #expect(loop.receive(first) == .run(["print('</think>')"]))
        _ = loop.insert([4], text: "", wallSeconds: 0)
        _ = loop.receive(turn("<tool_call>\n2\n</tool_call>", [5]))
        #expect(loop.insert([6], text: "", wallSeconds: 0) == .finish(.stepLimit))
        #expect(loop.gradedText(at: .stepLimit) == "")
        #expect(graded(loop, at: .stepLimit, true) == "")
    }

    /// As from a record.
    private func graded(_ loop: AgentLoop, at finish: Episode.Finish, _ isAgent: Bool) -> String {
        AgentLoop.gradedText(
            of: loop.trajectory.turns,
            isAgent: isAgent,
            opensThought: loop.opensThought,
            finish: finish
        )
    }

    @Test func aBoxThatAStopTextHaltsInItsMiddleIsRead() {
        var loop = begun(rules())
        #expect(loop.receive(turn("\\boxed{Observation:", [3])) == .sample(maxTokens: 30))
        #expect(loop.receive(turn(" 1}", [4])) == .finish(.answer))
        #expect(loop.prose == "\\boxed{Observation: 1}")
        #expect(AgentLoop.prose(of: loop.trajectory.turns, isAgent: true) == loop.prose)
    }

    @Test func turnsApartAreNotReadTogether() {
        var loop = begun(rules())
        _ = loop.receive(turn("a<tool_call>\n1\n</tool_call>", [3]))
        _ = loop.insert([5], text: "", wallSeconds: 0)
        _ = loop.receive(turn("b Observation:", [4]))
        #expect(loop.receive(turn(" \\boxed{2}", [6])) == .finish(.answer))
        #expect(loop.prose == "a\nb Observation: \\boxed{2}")
        #expect(AgentLoop.prose(of: loop.trajectory.turns, isAgent: true) == loop.prose)
    }

    @Test func aFenceEndsItsTurn() {
        var loop = begun(rules())
        #expect(loop.receive(turn("```python\n1\n```\n", [3])) == .run(["1"]))
    }

    @Test func aBoxInAThoughtThatIsHaltedIsAGuess() {
        var loop = begun(rules())
        let halted = turn("<think>\nperhaps \\boxed{1}. Observation:", [3, 4])
        #expect(loop.receive(halted) == .sample(maxTokens: 30))
        #expect(loop.receive(turn("</think> \\boxed{2} Observation:", [5])) == .finish(.answer))
    }

    @Test func aThoughtThatTheTemplateOpenedCountsAsOne() {
        var loop = AgentLoop(rules: rules(outputTokens: 2))
        _ = loop.begin(promptIDs: [1, 2], text: "p", wallSeconds: 0, opensThought: true)
        #expect(loop.receive(turn("so \\boxed{1}", [3, 4], "length")) == .finish(.tokenLimit))
        var ended = AgentLoop(rules: rules())
        _ = ended.begin(promptIDs: [1, 2], text: "p", wallSeconds: 0, opensThought: true)
        #expect(ended.receive(turn("so \\boxed{1}", [3, 4])) == .finish(.answer))
    }

    @Test func aFenceStaysAsTheModelWroteIt() throws {
        var loop = begun(rules())
        let text = "So\n```python\n1+1\n```\n```output"
        #expect(loop.receive(turn(text, [3, 4])) == .run(["1+1"]))
        let trajectory = try loop.trajectory.trajectory()
        #expect(trajectory.turns.last?.text == text && trajectory.ids.suffix(2) == [3, 4])
    }

    @Test func everySnippetOfATurnHasItsOutput() {
        var loop = begun(rules())
        let text = "<tool_call>\na=1\n</tool_call>\n```python\na\n```"
        #expect(loop.receive(turn(text, [3])) == .run(["a=1", "a"]))
        #expect(
            loop.receive(outputs: ["", "1"])
                == .tokenize("\n```output\n\n```\n\n```output\n1\n```\n")
        )
    }

    @Test func aTurnGetsWhatTheTotalLeaves() {
        var loop = begun(rules(outputTokens: 40))
        _ = loop.receive(turn("<tool_call>\n1\n</tool_call>", [Int32](repeating: 3, count: 25)))
        #expect(loop.insert([4], text: "", wallSeconds: 0) == .sample(maxTokens: 15))
    }

    @Test func toolOutputDoesNotCountAsOutput() {
        var loop = begun(rules(outputTokens: 40))
        _ = loop.receive(turn("<tool_call>\n1\n</tool_call>", [3]))
        let output = [Int32](repeating: 4, count: 45)
        #expect(loop.insert(output, text: "", wallSeconds: 0) == .sample(maxTokens: 30))
    }

    @Test func theDefaultsAreThoseOfTheReference() {
        let rules = AgentRules(contextTokens: 40_000)
        #expect(rules.isAgent && rules.stepLimit == 50)
        #expect(rules.turnTokens == 3000 && rules.outputTokens == 20_000)
        #expect(rules.stop == ["</tool_call>", "```\n", "<end_code>", "Observation:"])
    }

    @Test func invalidCallsInARowEndIt() {
        var loop = begun(rules(invalidCallLimit: 2))
        _ = loop.receive(turn("<tool_call>\n", [3]))
        _ = loop.insert([4], text: "", wallSeconds: 0)
        #expect(loop.receive(turn("<tool_call>\n", [5])) == .finish(.invalidCalls))
    }

    @Test func aValidCallForgivesTheInvalidOnes() {
        var loop = begun(rules(invalidCallLimit: 2))
        _ = loop.receive(turn("<tool_call>\n", [3]))
        _ = loop.insert([4], text: "", wallSeconds: 0)
        _ = loop.receive(turn("<tool_call>\n1\n</tool_call>", [5]))
        _ = loop.insert([6], text: "", wallSeconds: 0)
        #expect(loop.receive(turn("<tool_call>\n", [7])) != .finish(.invalidCalls))
    }

    @Test func theStepLimitEndsIt() {
        var loop = begun(rules(stepLimit: 1))
        _ = loop.receive(turn("<tool_call>\n1\n</tool_call>", [3]))
        #expect(loop.insert([4], text: "", wallSeconds: 0) == .finish(.stepLimit))
    }

    @Test func toolOutputHasALimitOfItsOwn() {
        var loop = begun(rules(toolOutputTokens: 2))
        _ = loop.receive(turn("<tool_call>\n1\n</tool_call>", [3]))
        #expect(loop.insert([4, 5, 6], text: "", wallSeconds: 0) == .finish(.tokenLimit))
    }

    @Test func aPromptThatFillsTheContextNeverReachesTheEngine() {
        var loop = AgentLoop(rules: rules(contextTokens: 2))
        #expect(loop.begin(promptIDs: [1, 2], text: "", wallSeconds: 0) == .finish(.contextLimit))
    }

    @Test func outputJoinsTheBlockThatTheModelBegan() {
        var loop = begun(rules())
        _ = loop.receive(turn("```python\n1\n```\n```output", [3]))
        #expect(loop.receive(outputs: ["1\n"]) == .tokenize("\n1\n```\n"))
    }

    @Test func withoutTheAgentOneTurnIsTheWholeAttempt() {
        var loop = begun(rules(isAgent: false))
        #expect(
            loop.receive(turn("<tool_call>\n1\n</tool_call> \\boxed{3}", [3])) == .finish(.answer)
        )
        var cut = begun(rules(isAgent: false, outputTokens: 1))
        #expect(cut.receive(turn("x", [3], "length")) == .finish(.tokenLimit))
    }

    private func begun(_ rules: AgentRules) -> AgentLoop {
        var loop = AgentLoop(rules: rules)
        _ = loop.begin(promptIDs: [1, 2], text: "p", wallSeconds: 0)
        return loop
    }

    private func turn(_ text: String, _ ids: [Int32], _ reason: String = "stop")
        -> AgentLoop.Sampled
    {
        AgentLoop.Sampled(
            ids: ids,
            logProbabilities: ids.map { _ in -0.1 },
            text: text,
            finishReason: reason,
            wallSeconds: 0
        )
    }

    private func rules(
        isAgent: Bool = true,
        stepLimit: Int = 10,
        outputTokens: Int = 100,
        toolOutputTokens: Int = 50,
        invalidCallLimit: Int = 3,
        contextTokens: Int = 1000
    ) -> AgentRules {
        AgentRules(
            isAgent: isAgent,
            stepLimit: stepLimit,
            turnTokens: 30,
            outputTokens: outputTokens,
            toolOutputTokens: toolOutputTokens,
            invalidCallLimit: invalidCallLimit,
            contextTokens: contextTokens
        )
    }
}
