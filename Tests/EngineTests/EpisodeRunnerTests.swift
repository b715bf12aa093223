import Configuration
import Foundation
import Grading
import HTTP
import Inference
import RolloutModel
import Rollouts
import ScriptedEngine
import Testing

/// Whole attempts with a scripted engine, the real sandbox and the real grader.
@Suite(.serialized, .enabled(if: RealEngine.isWanted), .timeLimit(.minutes(3)))
struct EpisodeRunnerTests {
    private static let problem = Problem(id: "p", statement: "1 + 1?", answer: "2")
    private static let calculation = "I add.\n<tool_call>\nx = 1\nprint(x + 1)\n</tool_call>"

    private let scratch: ScratchDirectory
    let server: ScriptedEngine

    init() throws {
        scratch = try ScratchDirectory()
        var options = ScriptedEngineOptions()
        // A program first, then the answer that it printed.
        options.script = { call in
            let text = ByteTokenizer.text(call.prompt)
            return .text(text.hasSuffix("```output\n2\n```\n") ? "\\boxed{2}" : Self.calculation)
        }
        server = try ScriptedEngine(at: scratch.socket(), options)
    }

    func run(
        systemPrompt: String? = nil,
        rules: AgentRules = AgentRules(contextTokens: 4096),
        timeLimit: Duration = .seconds(100),
        from record: Episode? = nil
    ) async throws -> Episode {
        let engine = try await AttemptServices.engine(at: server.endpoint)
        let runner = try await AttemptServices.runner(
            engine,
            systemPrompt: systemPrompt,
            rules: rules,
            timeLimit: timeLimit
        )
        let episode = try await runner.run(
            AttemptServices.task(0),
            problem: Self.problem,
            policy: AttemptServices.policy,
            from: record
        )
        await engine.stop()
        return episode
    }

    /// Completion calls without the probe that every attached engine begins with.
    var calls: [CompletionCall] { server.record.calls.filter { $0.prompt != [1] } }

    @Test func whatOneSampleHadTokenisedTheNextOneKnows() async throws {
        let engine = try await AttemptServices.engine(at: server.endpoint)
        let runner = try await AttemptServices.runner(
            engine,
            rules: AgentRules(contextTokens: 4096)
        )
        func sample(_ index: Int) async throws -> Episode {
            try await runner.run(
                AttemptServices.task(0, index),
                problem: Self.problem,
                policy: AttemptServices.policy
            )
        }
        let first = try await sample(0)
        let askedFor = try #require(server.record.requestCounts["/tokenize"])
        let second = try await sample(1)
        #expect(server.record.requestCounts["/tokenize"] == askedFor)
        #expect(first.trajectory.turns.map(\.role) == [.prompt, .model, .tool, .model])
        #expect(second.trajectory.ids == first.trajectory.ids)
        #expect(first.trajectory.turns[0].wallSeconds > 0)
        #expect(second.trajectory.turns[0].wallSeconds == 0)
        await engine.stop()
    }

    @Test func aProgramAndItsAnswerAreOneEpisode() async throws {
        let episode = try await run()
        #expect(episode.status == .completed && episode.finish == .answer)
        #expect(episode.grade.outcome == .right && episode.reward == 1)
        #expect(episode.toolCalls.map(\.output) == ["2\n"])
        #expect(episode.trajectory.turns.map(\.role) == [.prompt, .model, .tool, .model])
        let sent = calls.map(\.prompt)
        #expect(sent.count == 2 && episode.trajectory.ids.starts(with: sent[1]))
        #expect(sent[1].starts(with: sent[0] + ByteTokenizer.ids(Self.calculation)))
        let seeds = (0...1).map {
            AttemptServices.task(0).seed(runSeed: AttemptServices.runSeed, turnIndex: $0)
        }
        #expect(calls.map(\.seed) == seeds.map { Int64($0) })
        #expect(calls.allSatisfy { $0.stop == AgentRules(contextTokens: 1).stop })
    }

    @Test func whatTheModelInventsAfterAFenceIsNeverSampled() async throws {
        server.replaceScript { call in
            let text = ByteTokenizer.text(call.prompt)
            return .text(
                text.hasSuffix("```output\n2\n```\n")
                    ? "\\boxed{2}"
                    : "I add.\n```python\nprint(1 + 1)\n```\n```output\n9\n```\n\\boxed{9}"
            )
        }
        let episode = try await run()
        #expect(episode.finish == .answer && episode.grade.outcome == .right)
        #expect(episode.toolCalls.map(\.output) == ["2\n"])
        #expect(episode.trajectory.turns[1].text == "I add.\n```python\nprint(1 + 1)\n```\n")
    }

    @Test func anEpisodeTellsWhereItsTimeAndTokensWent() async throws {
        server.plan(PlannedFault(.slow(seconds: 0.3), after: 1))
        let episode = try await run()
        let times = episode.times
        #expect(times.inference >= 0.3 && times.sandbox > 0 && times.grading > 0)
        #expect(times.inference + times.sandbox + times.grading <= times.total)
        let trajectory = episode.trajectory
        #expect(trajectory.tokenCount(of: .prompt) == calls[0].prompt.count)
        #expect(episode.outputTokenCount == trajectory.lossMask.count { $0 == 1 })
        #expect(
            trajectory.tokenCount(of: .tool) == ByteTokenizer.ids("\n```output\n2\n```\n").count
        )
        // The scripted engine has every whole block of 16 cached.
        #expect(episode.cachedTokenCount == calls.map { $0.prompt.count / 16 * 16 }.reduce(0, +))
    }

    /// Half a character is an id of its own, which decoding and tokenising again would change.
    @Test func idsThatAreNoTextSurviveTheTurns() async throws {
        let odd = ByteTokenizer.ids("so ") + [0xc3] + ByteTokenizer.ids(Self.calculation)
        server.replaceScript { call in
            let text = ByteTokenizer.text(call.prompt)
            return text.hasSuffix("```output\n2\n```\n")
                ? .text("\\boxed{2}") : ScriptedReply(ids: odd)
        }
        let episode = try await run()
        #expect(episode.finish == .answer)
        #expect(calls[1].prompt.starts(with: calls[0].prompt + odd))
    }

    /// A fault, what the row says of it, and how often the call was sent again.
    struct Failure: CustomTestStringConvertible {
        let fault: PlannedFault
        let words: String
        let retryCount: Int
        var testDescription: String { words }

        init(_ fault: PlannedFault, _ words: String, retryCount: Int) {
            self.fault = fault
            self.words = words
            self.retryCount = retryCount
        }
    }

    static let failures = [
        Failure(PlannedFault(.fewerLogProbabilities, after: 1, count: 9), "ids and", retryCount: 3),
        Failure(PlannedFault(.brokenJSON, after: 1, count: 9), "is not JSON", retryCount: 3),
        Failure(
            PlannedFault(.missingField("token_ids"), after: 1, count: 9),
            "token_ids",
            retryCount: 3
        ),
        Failure(
            PlannedFault(.status(404, message: "gone"), after: 1),
            "answered 404: gone",
            retryCount: 0
        ),
        Failure(
            PlannedFault(.status(400, message: "no template"), path: "/tokenize"),
            "the chat template failed: no template",
            retryCount: 0
        ),
    ]

    /// What helps nothing to send again, or did not help, is a row that says so.
    @Test(arguments: failures)
    func aFailureOfTheEngineIsAStatus(_ failure: Failure) async throws {
        server.plan(failure.fault)
        let episode = try await run()
        #expect(episode.status == .inference && episode.finish == .failure)
        #expect(episode.failure.contains(failure.words), "\(episode.failure)")
        #expect(episode.retryCount == failure.retryCount)
        #expect(episode.grade.outcome == .ungraded)
    }

    @Test func anAttemptThatNobodyGradesIsKept() async throws {
        let grader = try GraderPool(configuration: GradingSection(), python: RealEngine.python)
        await grader.shutdown()
        let engine = try await AttemptServices.engine(at: server.endpoint)
        let runner = try await AttemptServices.runner(
            engine,
            rules: AgentRules(contextTokens: 4096),
            grader: grader
        )
        let episode = try await runner.run(
            AttemptServices.task(0),
            problem: Self.problem,
            policy: AttemptServices.policy
        )
        await engine.stop()
        #expect(episode.status == .grading && episode.finish == .answer)
        #expect(episode.failure == "\(GradingError.closed)")
        #expect(episode.grade.outcome == .ungraded)
        #expect(episode.trajectory.turns.map(\.role) == [.prompt, .model, .tool, .model])
    }

    @Test func aTimeWithoutAnEngineIsNotTheModelsFault() async throws {
        // The attached server is gone for good, and is waited for.
        server.plan(PlannedFault(.die, after: 2))
        let episode = try await run(timeLimit: .seconds(3))
        #expect(episode.status == .inference && episode.finish == .failure)
        #expect(episode.failure.contains("while the engine was restarting"))
        #expect(episode.trajectory.turns.map(\.role) == [.prompt, .model, .tool])
    }

    /// The prompt's ids, the program's output's ids, a turn.
    @Test(arguments: [
        PlannedFault(.status(503, message: "busy"), path: "/tokenize"),
        PlannedFault(.status(503, message: "busy"), path: "/tokenize", after: 2),
        PlannedFault(.status(503, message: "busy"), after: 1),
    ])
    func aRetriedCallIsCountedAndForgotten(_ fault: PlannedFault) async throws {
        server.plan(fault)
        let episode = try await run()
        #expect(episode.status == .completed && episode.retryCount == 1)
    }

    /// The server's word counts where the limit that it was started with is not known.
    @Test(arguments: [4096, 100_000])
    func aPromptLongerThanTheContextIsAStatus(contextTokens: Int) async throws {
        let episode = try await run(
            systemPrompt: String(repeating: "long ", count: 1000),
            rules: AgentRules(contextTokens: contextTokens)
        )
        #expect(episode.status == .completed && episode.finish == .contextLimit)
        #expect(episode.grade.outcome != .right)
    }

    @Test func aHangingCallMeetsTheTimeLimitAndIsAborted() async throws {
        server.plan(PlannedFault(.hang, after: 2))
        let episode = try await run(timeLimit: .seconds(2))
        #expect(episode.finish == .timeLimit && episode.status == .completed)
        // The program's turn is kept, and so is the time that was waited in vain.
        #expect(episode.trajectory.turns.map(\.role) == [.prompt, .model, .tool])
        #expect(episode.times.inference > 1)
        try await waitForAbort()
    }

    /// Its time may have run out while it waited for its grade in the job before.
    @Test func aRecordWithItsAnswerIsCompleteHoweverLongItTook() async throws {
        let record = try await run()
        let callCount = calls.count
        let episode = try await run(timeLimit: .milliseconds(1), from: record)
        #expect(episode.finish == .answer && episode.grade.outcome == .right)
        #expect(episode.trajectory == record.trajectory)
        #expect(episode.toolCalls.map(\.output) == ["2\n"])
        #expect(calls.count == callCount)
    }

    @Test func anEndlessProgramMeetsTheTimeLimit() async throws {
        server.replaceScript(Scripts.always("<tool_call>\nwhile True: pass\n</tool_call>"))
        let episode = try await run(timeLimit: .seconds(2))
        #expect(episode.finish == .timeLimit && episode.times.sandbox > 1)
        #expect(episode.times.total < 6)
    }

    @Test func cancellationReachesTheEngine() async throws {
        server.plan(PlannedFault(.hang, after: 1))
        let attempt = Task { try await run() }
        while calls.isEmpty, server.record.requestCounts["/v1/completions"] != 2 {
            try await Task.sleep(for: .milliseconds(5))
        }
        attempt.cancel()
        await #expect(throws: EpisodeRunner.Interrupted.self) { try await attempt.value }
        try await waitForAbort()
    }

    @Test func cancellationReachesTheSandbox() async throws {
        server.replaceScript(Scripts.always("<tool_call>\nwhile True: pass\n</tool_call>"))
        let attempt = Task { try await run() }
        while calls.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        try await Task.sleep(for: .milliseconds(300))
        let start = ContinuousClock.now
        attempt.cancel()
        await #expect(throws: EpisodeRunner.Interrupted.self) { try await attempt.value }
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test func cancellationReachesTheGraderAndKeepsTheAttempt() async throws {
        server.replaceScript(Scripts.always(#"\boxed{1+9^{9^{9^9}}}"#))
        let engine = try await AttemptServices.engine(at: server.endpoint)
        let runner = try await AttemptServices.runner(
            engine,
            rules: AgentRules(contextTokens: 4096)
        )
        let attempt = Task {
            try await runner.run(
                AttemptServices.task(0),
                problem: Self.problem,
                policy: AttemptServices.policy
            )
        }
        while !runner.whereabouts.summary().contains("wait for the grader") {
            try await Task.sleep(for: .milliseconds(5))
        }
        let start = ContinuousClock.now
        attempt.cancel()
        let interruption = await #expect(throws: EpisodeRunner.Interrupted.self) {
            try await attempt.value
        }
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(interruption?.soFar?.trajectory.turns.map(\.role) == [.prompt, .model])
        #expect(interruption?.soFar?.status == .unfinished)
        await engine.stop()
    }

    /// One thread drives all connections, however many attempts wait.
    @Test func hundredsOfAttemptsShareTheirThreads() async throws {
        server.replaceScript(Scripts.always("\\boxed{2}"))
        server.plan(PlannedFault(.slow(seconds: 2), after: 1, count: 400))
        let engine = try await AttemptServices.engine(at: server.endpoint)
        let runner = try await AttemptServices.runner(
            engine,
            rules: AgentRules(contextTokens: 4096)
        )
        let before = try threadCount()
        let (episodes, most) = try await withThrowingTaskGroup(of: Episode.self) { group in
            for index in 0..<400 {
                group.addTask {
                    try await runner.run(
                        AttemptServices.task(index),
                        problem: Self.problem,
                        policy: AttemptServices.policy
                    )
                }
            }
            while calls.count < 400 { try await Task.sleep(for: .milliseconds(20)) }
            let most = try threadCount()
            return (try await group.reduce(into: []) { $0.append($1) }, most)
        }
        #expect(episodes.count == 400 && episodes.allSatisfy { $0.grade.outcome == .right })
        #expect(server.record.mostConnections >= 400)
        #expect(most < before + 16)
        await engine.stop()
    }

    private func threadCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }

    private func waitForAbort() async throws {
        while server.record.abortedCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
    }
}
