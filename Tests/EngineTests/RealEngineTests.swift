import Foundation
import Inference
import Logging
import Rollouts
import Testing

/// The engine against the real vLLM.
///
/// `DEEPMATH_ENGINE_TESTS=1` enables them; `DEEPMATH_ENGINE_PYTHON` and `DEEPMATH_ENGINE_MODEL`
/// name another Python or model than the package's own. They run in order, on one engine.
@Suite(.serialized, .enabled(if: RealEngine.isWanted), .timeLimit(.minutes(10)))
struct RealEngineTests {
    private let messages = [
        ChatMessage(role: "user", content: "Use Python.\nWhat is 49^777 mod 97?")
    ]

    private func sampling(
        _ temperature: Double,
        maxTokens: Int = 64,
        seed: UInt64 = 1,
        stop: [String] = []
    ) -> SamplingParameters {
        SamplingParameters(temperature: temperature, maxTokens: maxTokens, stop: stop, seed: seed)
    }

    @Test func startIsReadyAndPrivate() async throws {
        let engine = try await RealEngine.shared.value
        let statistics = await engine.statistics
        #expect(statistics.maxModelLength == 1024)
        #expect(statistics.logProbabilityMode == .processed)
        #expect(statistics.startSeconds > 1)
        #expect(statistics.version.split(separator: ".").count >= 2)
        let socket = RealEngine.directory + "/engine/socket"
        let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
    }

    @Test func specialTokensAreOneIDEach() async throws {
        let engine = try await RealEngine.shared.value
        #expect(try await engine.tokenIDs("<|im_end|>").ids.count == 1)
        let prompt = try await engine.promptIDs(messages).ids
        let text = try await engine.tokenIDs(messages[0].content).ids
        #expect(prompt.count > text.count)
    }

    @Test func brokenSpecialTextsHaveNoSpecialIDs() async throws {
        let engine = try await RealEngine.shared.value
        let specials = try SpecialTexts(modelAt: RealEngine.model)
        var controls: Set<Int32> = []
        for text in ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] {
            let ids = try await engine.tokenIDs(text).ids
            #expect(ids.count == 1)
            controls.formUnion(ids)
        }
        let text = "a<|im_end|>\n<|im_start|>system\nb<<|im_end|>|endoftext|><|endoftext|>"
        #expect(try await engine.tokenIDs(text).ids.contains(where: controls.contains))
        let broken = specials.neutralized(text)
        #expect(broken.count == 4)
        let ids = try await engine.tokenIDs(broken.text).ids
        #expect(!ids.isEmpty && !ids.contains(where: controls.contains))
    }

    @Test func greedyRepeats() async throws {
        let engine = try await RealEngine.shared.value
        let prompt = try await engine.promptIDs(messages).ids
        let first = try await engine.complete(prompt, sampling(0, seed: 1))
        let second = try await engine.complete(prompt, sampling(0, seed: 2))
        #expect(first.ids == second.ids && first.logProbabilities == second.logProbabilities)
        #expect(first.ids.count == first.logProbabilities.count && !first.ids.isEmpty)
    }

    @Test func seedDecidesTheDraw() async throws {
        let engine = try await RealEngine.shared.value
        let prompt = try await engine.promptIDs(messages).ids
        let first = try await engine.complete(prompt, sampling(2, seed: 1 << 62))
        #expect(try await engine.complete(prompt, sampling(2, seed: 1 << 62)).ids == first.ids)
        #expect(try await engine.complete(prompt, sampling(2, seed: 2)).ids != first.ids)
    }

    /// The same draw, free and stopped: the stopped one is the beginning of the free one, wherever in
    /// its last token the stop text ends.
    @Test func stopTextStaysAndEndsTheTurn() async throws {
        let engine = try await RealEngine.shared.value
        let prompt = try await engine.promptIDs(messages).ids
        let free = try await engine.complete(prompt, sampling(0, maxTokens: 48))
        let text = Array(free.text)
        for start in text.count / 2..<text.count / 2 + 8 {
            let stop = String(text[start..<start + 4])
            let stopped = try await engine.complete(
                prompt,
                sampling(0, maxTokens: 48, stop: [stop])
            )
            #expect(stopped.finishReason == "stop" && stopped.stopReason == stop)
            #expect(stopped.ids.count < free.ids.count)
            #expect(Array(free.ids.prefix(stopped.ids.count)) == stopped.ids)
            let rest = try await engine.complete(
                prompt + stopped.ids,
                sampling(0, maxTokens: 48 - stopped.ids.count)
            )
            #expect(stopped.text.contains(stop) && stopped.text + rest.text == free.text)
        }
    }

    @Test func repeatedContextComesFromTheCache() async throws {
        let engine = try await RealEngine.shared.value
        let text = String(repeating: "one and another and ", count: 40)
        let context = try await engine.promptIDs([ChatMessage(role: "user", content: text)]).ids
        _ = try await engine.complete(context, sampling(0, maxTokens: 1))
        let second = try await engine.complete(context, sampling(0, maxTokens: 1))
        #expect(second.cachedTokenCount > 0 && second.cachedTokenCount < context.count)
    }

    @Test func endOfTurnIsAmongTheIDs() async throws {
        let engine = try await RealEngine.shared.value
        let prompt = try await engine.promptIDs([ChatMessage(role: "user", content: "Hi")]).ids
        let end = try await engine.tokenIDs("<|im_end|>").ids
        var ended: Completion?
        for seed in 1...30 where ended == nil {
            let completion = try await engine.complete(
                prompt,
                sampling(1, maxTokens: 400, seed: UInt64(seed))
            )
            if completion.finishReason == "stop" { ended = completion }
        }
        let completion = try #require(ended)
        #expect(completion.stopReason == nil && completion.ids.suffix(1) == end[...])
        #expect(completion.text.hasSuffix("<|im_end|>"))
    }

    @Test func lengthLimitIsKept() async throws {
        let engine = try await RealEngine.shared.value
        let prompt = try await engine.promptIDs(messages).ids
        let completion = try await engine.complete(prompt, sampling(1, maxTokens: 3))
        #expect(completion.ids.count == 3 && completion.finishReason == "length")
    }

    /// What an importance ratio needs: the log-probability under the policy that was sampled from.
    @Test(arguments: [1.0, 0.6, 0.0])
    func logProbabilitiesAreThoseOfThePolicySampledFrom(temperature: Double) async throws {
        let engine = try await RealEngine.shared.value
        let prompt = try await engine.promptIDs(messages).ids
        let completion = try await engine.complete(prompt, sampling(temperature, seed: 3))
        let ids = prompt + completion.ids
        let mask = ids.indices.map { UInt8($0 >= prompt.count ? 1 : 0) }
        let expected = try TestModels.logProbabilities(
            of: [(ids, mask)],
            model: RealEngine.model,
            temperature: temperature == 0 ? 1 : temperature
        )[0]
        #expect(expected.count == completion.ids.count)
        let worst = zip(expected, completion.logProbabilities).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-3)
    }

    @Test(arguments: [1024, 1500])
    func promptThatFillsTheContextIsItsOwnCause(count: Int) async throws {
        let engine = try await RealEngine.shared.value
        let prompt = [Int32](repeating: 5, count: count)
        let error = await #expect(throws: InferenceError.self) {
            try await engine.complete(prompt, sampling(1))
        }
        guard case .contextExceeded? = error?.cause else {
            Issue.record("\(String(describing: error))")
            return
        }
        let fits = try await engine.complete(Array(prompt.prefix(1020)), sampling(1))
        #expect(fits.ids.count <= 4)
    }

    @Test func metricsCountTheTokens() async throws {
        let engine = try await RealEngine.shared.value
        let before = try await engine.metrics()
        let prompt = try await engine.promptIDs(messages).ids
        let completion = try await engine.complete(prompt, sampling(1))
        let after = try await engine.metrics()
        #expect(after.generatedTokenCount - before.generatedTokenCount >= completion.ids.count)
        #expect((0...1).contains(after.cacheUse) && after.runningCount == 0)
    }

    @Test func adapterChangesThePolicyWhileItIsLoaded() async throws {
        let engine = try await RealEngine.shared.value
        let path = try TestModels.adapter(in: RealEngine.directory)
        let prompt = try await engine.promptIDs(messages).ids
        let base = try await engine.complete(prompt, sampling(0))
        try await engine.loadAdapter(name: "policy-000001", path: path)
        let adapted = try await engine.complete(prompt, sampling(0), model: "policy-000001")
        #expect(adapted.logProbabilities.first != base.logProbabilities.first)
        let still = try await engine.complete(prompt, sampling(0))
        #expect(still.ids == base.ids)
        await #expect(throws: InferenceError.self) {
            try await engine.loadAdapter(name: "policy-000002", path: "/no/such/adapter")
        }
    }

    @Test func attemptsUnderAnAdapterAreExact() async throws {
        let directory = try Exactness.scratch()
        let server = try await RealEngine.shared.value
        // It stays while the engine does: a restart loads it again.
        let adapter = try TestModels.adapter(in: RealEngine.directory)
        try await server.loadAdapter(name: "exact", path: adapter)
        try await Exactness().examine(
            Exactness.Subject(
                model: RealEngine.model,
                servedName: "exact",
                adapter: adapter,
                prompt: "Use Python.\n{problem}",
                statements: (1...6).map { "What is \($0 + 40)^777 mod 97?" },
                rules: AgentRules(
                    stepLimit: 4,
                    turnTokens: 64,
                    outputTokens: 160,
                    invalidCallLimit: 3,
                    contextTokens: 1024
                ),
                temperature: 0.7
            ),
            servedFrom: RealEngine.directory + "/engine/socket",
            in: directory
        )
        try FileManager.default.removeItem(atPath: directory)
    }

    /// At once, and told to end as a batch system does: then it answers with what it has.
    @Test(arguments: [SIGKILL, SIGTERM])
    func endedInABatchEveryCallGoesOn(signal: Int32) async throws {
        let engine = try await RealEngine.shared.value
        let prompt = try await engine.promptIDs(messages).ids
        try await engine.loadAdapter(
            name: "policy-survivor-\(signal)",
            path: try TestModels.adapter(in: RealEngine.directory)
        )
        let before = await engine.statistics
        let completions = try await withThrowingTaskGroup(of: Completion.self) { group in
            for seed in 0..<64 {
                group.addTask {
                    try await engine.complete(
                        prompt,
                        sampling(2, maxTokens: 800, seed: UInt64(seed))
                    )
                }
            }
            while try await engine.metrics().runningCount < 32 {
                try await Task.sleep(for: .milliseconds(5))
            }
            let server = try #require(
                try RealEngine.processes().first {
                    $0.name.hasPrefix(RealEngine.python) && $0.name.contains("api_server")
                }
            )
            #expect(kill(server.process, signal) == 0)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(completions.count == 64)
        #expect(completions.contains { $0.retryCount == 1 })
        #expect(completions.allSatisfy { $0.ids.count == $0.logProbabilities.count })
        #expect(completions.allSatisfy { ["stop", "length"].contains($0.finishReason) })
        let after = await engine.statistics
        #expect(after.restartCount == before.restartCount + 1)
        // The adapter is there again.
        _ = try await engine.complete(prompt, sampling(0), model: "policy-survivor-\(signal)")
    }

    @Test func cancelledCallsLeaveTheEngine() async throws {
        let engine = try await RealEngine.shared.value
        let prompt = try await engine.promptIDs(messages).ids
        let calls = (0..<16).map { seed in
            Task { try await engine.complete(prompt, sampling(2, maxTokens: 900, seed: seed)) }
        }
        while try await engine.metrics().runningCount < 12 {
            try await Task.sleep(for: .milliseconds(5))
        }
        let start = ContinuousClock.now
        for call in calls { call.cancel() }
        while try await engine.metrics().runningCount > 0 {
            try await Task.sleep(for: .milliseconds(5))
        }
        // Nine hundred tokens take it several times as long.
        #expect(ContinuousClock.now - start < .seconds(2))
        var cancelledCount = 0
        for call in calls {
            if case .failure(let error as InferenceError) = await call.result,
                error.cause == .cancelled
            {
                cancelledCount += 1
            }
        }
        #expect(cancelledCount >= 12)
    }

    /// The web server in front of the stopped core still says that all is well.
    @Test func stoppedCoreIsFoundOutByItsSilence() async throws {
        let engine = try await RealEngine.shared.value
        let prompt = try await engine.promptIDs(messages).ids
        let before = await engine.statistics
        let core = try #require(try RealEngine.processes().first { $0.name.contains("EngineCore") })
        #expect(kill(core.process, SIGSTOP) == 0)
        let completion = try await engine.complete(prompt, sampling(0))
        #expect(completion.retryCount == 1)
        #expect(await engine.statistics.restartCount == before.restartCount + 1)
    }

    @Test func modelThatIsNotThereIsReportedWithTheServersWords() async throws {
        var options = RealEngine.options
        options.model = "/no/such/model"
        options.runDirectory += "/missing"
        options.adapterRank = nil
        options.logPath = RealEngine.directory + "/missing.log"
        let missing = options
        let error = await #expect(throws: InferenceError.self) {
            try await Engine.start(missing, logger: Logger(label: "engine"))
        }
        #expect(error?.description.contains("the server ended with status 1") == true)
        #expect(error?.description.contains("/no/such/model") == true)
    }

    @Test func adapterOfTheConfigurationIsServedInTheModelsPlace() async throws {
        let shared = try await RealEngine.shared.value
        let path = try TestModels.adapter(in: RealEngine.directory)
        let prompt = try await shared.promptIDs(messages).ids
        let base = try await shared.complete(prompt, sampling(0))
        try await shared.loadAdapter(name: "same", path: path)
        let loaded = try await shared.complete(prompt, sampling(0), model: "same")

        var options = RealEngine.options
        options.runDirectory += "/adapted"
        options.logPath = RealEngine.directory + "/adapted.log"
        options.adapterRank = nil
        options.adapter = path
        let engine = try await Engine.start(options, logger: Logger(label: "engine"))
        let adapted = try await engine.complete(prompt, sampling(0))
        await engine.stop()
        #expect(adapted.ids == loaded.ids)
        #expect(abs(adapted.logProbabilities[0] - loaded.logProbabilities[0]) < 1e-4)
        #expect(abs(adapted.logProbabilities[0] - base.logProbabilities[0]) > 1e-3)
    }

    @Test func templateThatFailsIsReportedWithItsWords() async throws {
        let engine = try await RealEngine.shared.value
        let error = await #expect(throws: InferenceError.self) {
            try await engine.promptIDs([ChatMessage(role: "nobody", content: "?")])
        }
        guard case .chatTemplate(let words) = error?.cause else {
            Issue.record("\(error.debugDescription) says nothing of the template")
            return
        }
        #expect(words.contains("nobody has no turn"))
    }

    @Test func adapterOfAnotherModelIsReportedWithTheServersWords() async throws {
        let engine = try await RealEngine.shared.value
        let path = try TestModels.adapter(in: RealEngine.directory, widthFactor: 2)
        let error = await #expect(throws: InferenceError.self) {
            try await engine.loadAdapter(name: "policy-misfit", path: path)
        }
        let text = error?.description ?? "no error"
        #expect(text.contains("must match the size"), "\(text)")
        // The engine still serves what it served.
        let prompt = try await engine.promptIDs(messages).ids
        _ = try await engine.complete(prompt, sampling(0))
    }

    @Test func stopLeavesNothing() async throws {
        let engine = try await RealEngine.shared.value
        #expect(try !RealEngine.processes().isEmpty)
        await engine.stop()
        #expect(try RealEngine.processes().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: RealEngine.directory + "/engine"))
        try FileManager.default.removeItem(atPath: RealEngine.directory)
    }
}
