import Foundation
import HTTP
import ScriptedEngine
import Testing

@testable import Inference

@Suite(.timeLimit(.minutes(2))) struct EngineClientTests {
    private let scratch: ScratchDirectory
    private let server: ScriptedEngine
    private let client: EngineClient

    init() throws {
        scratch = try ScratchDirectory()
        var options = ScriptedEngineOptions()
        options.model = "policy"
        options.maxModelLength = 200
        server = try ScriptedEngine(
            at: scratch.socket(),
            options
        )
        client = EngineClient(
            endpoint: server.endpoint,
            model: "policy",
            http: try HTTPClient(),
            requestTimeout: .seconds(20)
        )
    }

    private func sampling(_ maxTokens: Int = 8, stop: [String] = []) -> SamplingParameters {
        SamplingParameters(temperature: 0.7, maxTokens: maxTokens, stop: stop, seed: 5)
    }

    private func cause<Value>(
        _ call: () async throws(InferenceError) -> Value
    ) async -> InferenceError.Cause? {
        do throws(InferenceError) {
            _ = try await call()
            return nil
        } catch {
            #expect(error.endpoint == server.endpoint)
            return error.cause
        }
    }

    @Test func promptIsTemplatedByTheServer() async throws {
        let ids = try await client.promptIDs([
            ChatMessage(role: "system", content: "Solve \"it\"."),
            ChatMessage(role: "user", content: "1 + 1\n=?"),
        ])
        #expect(
            ByteTokenizer.text(ids)
                == "<|im_start|>system\nSolve \"it\".<|im_end|>\n<|im_start|>user\n1 + 1\n=?<|im_end|>\n"
                + "<|im_start|>assistant\n"
        )
    }

    @Test func failingTemplateHasItsOwnCause() async {
        let cause = await cause { () async throws(InferenceError) in
            try await client.promptIDs([ChatMessage(role: "nobody", content: "")])
        }
        #expect(cause == .chatTemplate("no role 'nobody'"))
    }

    @Test func textIsTokenisedAlone() async throws {
        #expect(try await client.tokenIDs("é\n") == [0xc3, 0xa9, 10])
        #expect(try await client.tokenIDs("") == [])
    }

    @Test func completionHoldsTheSampledIDs() async throws {
        server.replaceScript(Scripts.always("so </tool_call> more"))
        let prompt: [Int32] = [10, 20, 258]
        let completion = try await client.complete(prompt, sampling(100, stop: ["</tool_call>"]))
        #expect(completion.text == "so </tool_call>")
        #expect(completion.ids == ByteTokenizer.ids("so </tool_call>"))
        let expected = completion.ids.enumerated().map { position, id in
            ScriptedReply.logProbability(of: id, at: position)
        }
        #expect(completion.logProbabilities == expected)
        #expect(completion.finishReason == "stop")
        #expect(completion.stopReason == "</tool_call>")
        #expect(server.record.calls.map(\.prompt) == [prompt])
        #expect(server.record.calls.map(\.seed) == [5])
    }

    @Test func endOfTurnStaysInTheIDs() async throws {
        server.replaceScript(Scripts.always("done"))
        let completion = try await client.complete([1], sampling(100))
        #expect(completion.ids == ByteTokenizer.ids("done<|im_end|>"))
        #expect(completion.finishReason == "stop" && completion.stopReason == nil)
    }

    @Test func lengthLimitEndsACompletion() async throws {
        let completion = try await client.complete([1], sampling(7))
        #expect(completion.ids.count == 7 && completion.finishReason == "length")
    }

    @Test func sameSeedGivesTheSameIDs() async throws {
        let first = try await client.complete([1, 2], sampling(20))
        #expect(try await client.complete([1, 2], sampling(20)).ids == first.ids)
        var other = sampling(20)
        other.seed = 6
        #expect(try await client.complete([1, 2], other).ids != first.ids)
    }

    @Test(arguments: [200, 250])
    func promptThatFillsTheContextIsItsOwnCause(count: Int) async {
        let cause = await cause { () async throws(InferenceError) in
            try await client.complete([Int32](repeating: 1, count: count), sampling())
        }
        guard case .contextExceeded = cause else {
            Issue.record("\(String(describing: cause))")
            return
        }
    }

    @Test func lastPlaceInTheContextIsUsed() async throws {
        let prompt = [Int32](repeating: 1, count: 195)
        #expect(try await client.complete(prompt, sampling(50)).ids.count == 5)
    }

    @Test func everyFaultHasItsCause() async throws {
        let faults: [(Fault, (InferenceError.Cause?) -> Bool)] = [
            (.status(500, message: "broken"), { $0 == .status(500, message: "broken") }),
            (.status(403, message: "no"), { $0 == .status(403, message: "no") }),
            (.drop, { if case .cut = $0 { true } else { false } }),
            (.cut, { if case .cut = $0 { true } else { false } }),
            (.garbage, { if case .transport = $0 { true } else { false } }),
            (.brokenJSON, { if case .invalidJSON = $0 { true } else { false } }),
            (.missingField("token_ids"), { $0 == .missingField("choices[0].token_ids") }),
            (.missingField("text"), { $0 == .missingField("choices[0].text") }),
            (.fewerLogProbabilities, { $0 == .lengthMismatch(ids: 8, logProbabilities: 7) }),
        ]
        for (fault, isExpected) in faults {
            // libcurl itself sends again what met a connection that was idle and is gone.
            server.plan(PlannedFault(fault, count: fault == .drop ? 2 : 1))
            let cause = await cause { () async throws(InferenceError) in
                try await client.complete([1], sampling())
            }
            #expect(isExpected(cause), "\(fault): \(String(describing: cause))")
        }
        #expect(try await client.complete([1], sampling()).ids.count == 8)
    }

    @Test func anAnswerThatCannotBeRightFailsTheCallAlone() async throws {
        let ids = "[" + Array(repeating: "97", count: 9).joined(separator: ",") + "]"
        let values = "[" + Array(repeating: "-1.5", count: 9).joined(separator: ",") + "]"
        let broken: [[String: String]] = [
            ["token_logprobs": "[0.5,0,0,0,0,0,0,0]"], ["token_logprobs": "[NaN,0,0,0,0,0,0,0]"],
            ["token_ids": "[]", "token_logprobs": "[]"],
            ["token_ids": ids, "token_logprobs": values],
            ["finish_reason": "\"" + String(repeating: "x", count: 6_000) + "\""],
        ]
        for others in broken {
            server.plan(PlannedFault(.otherValues(others)))
            let error = await #expect(throws: InferenceError.self) {
                try await client.complete([1], sampling())
            }
            guard case .brokenAnswer? = error?.cause else {
                Issue.record("\(others.keys): \(String(describing: error))")
                continue
            }
            #expect(error?.isRetryable == false)
        }
        let statistics = ["9223372036854775807", "-9223372036854775808", "1e300", "-1", "\"many\""]
        for value in statistics {
            let others = ["cached_tokens": value, "prompt_tokens": value, "total_tokens": value]
            server.plan(PlannedFault(.otherValues(others)))
            let completion = try await client.complete([1], sampling())
            #expect(completion.ids.count == 8 && completion.cachedTokenCount <= 1)
        }
    }

    @Test func silentServerTimesOut() async throws {
        let impatient = EngineClient(
            endpoint: server.endpoint,
            model: "policy",
            http: try HTTPClient(),
            requestTimeout: .milliseconds(100)
        )
        server.plan(PlannedFault(.hang))
        let cause = await cause { () async throws(InferenceError) in
            try await impatient.complete([1], sampling())
        }
        guard case .timedOut = cause else {
            Issue.record("\(String(describing: cause))")
            return
        }
    }

    @Test func cancelledCallIsAbortedAtTheServer() async throws {
        server.plan(PlannedFault(.hang))
        let task = Task {
            await cause { () async throws(InferenceError) in
                try await client.complete([1], sampling())
            }
        }
        while server.record.calls.isEmpty && server.record.requestCounts.isEmpty {
            try await Task.sleep(for: .milliseconds(1))
        }
        task.cancel()
        #expect(await task.value == .cancelled)
        while server.record.abortedCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func serverTellsOfItself() async throws {
        let card = try await client.modelCard()
        #expect(card.id == "policy" && card.maxModelLength == 200)
        #expect(try await client.version() == "scripted-1")
        _ = try await client.complete([1, 2, 3], sampling(4))
        let metrics = try await client.metrics()
        #expect(metrics.generatedTokenCount == 4 && metrics.promptTokenCount == 3)
        try await client.health()
        try await client.probe(timeout: .seconds(5))
    }

    @Test func unknownModelIsNamed() async throws {
        let other = EngineClient(
            endpoint: server.endpoint,
            model: "other",
            http: try HTTPClient(),
            requestTimeout: .seconds(5)
        )
        let cause = await cause { () async throws(InferenceError) in try await other.modelCard() }
        #expect(cause == .invalidOptions("the server has no model 'other', only 'policy'"))
    }

    @Test func adaptersAreLoadedUsedAndUnloaded() async throws {
        try await client.loadAdapter(name: "policy-1", path: "/a")
        _ = try await client.complete([1], sampling(), model: "policy-1")
        #expect(server.record.calls.map(\.model) == ["policy-1"])
        try await client.unloadAdapter(name: "policy-1")
        let cause = await cause { () async throws(InferenceError) in
            try await client.complete([1], sampling(), model: "policy-1")
        }
        #expect(cause == .status(404, message: "The model `policy-1` does not exist."))
    }
}
