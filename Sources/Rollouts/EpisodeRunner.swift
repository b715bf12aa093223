// Drives one AgentLoop with the real engine, interpreter and grader. All that can fail here is
// outside the model, and becomes the episode's status; only cancellation, a lost engine, a lost sandbox
// and graders that fail again and again interrupt it: then the attempt was not made and goes back.

public import Grading
public import Inference
public import RolloutModel
public import Sandbox

/// Makes attempts: the same few services for all of a worker's episodes.
public struct EpisodeRunner: Sendable {
    /// What does not change from one attempt to the next.
    public struct Settings: Sendable {
        /// Seed of the run.
        public var runSeed: UInt64
        /// Limits of an attempt.
        public var rules: AgentRules
        /// Wall-clock limit of an attempt.
        public var timeLimit: Duration
        /// Nucleus mass, `0 < p <= 1`.
        public var topP: Double
        /// Most likely tokens kept; 0 keeps all.
        public var topK: Int
        /// Texts of the model's control tokens, broken in statements and tool output.
        public var specials: SpecialTexts

        /// Settings of a run.
        public init(
            runSeed: UInt64,
            rules: AgentRules,
            timeLimit: Duration,
            topP: Double,
            topK: Int,
            specials: SpecialTexts = SpecialTexts()
        ) {
            self.runSeed = runSeed
            self.rules = rules
            self.timeLimit = timeLimit
            self.topP = topP
            self.topK = topK
            self.specials = specials
        }
    }

    /// The wall-clock limit of an attempt was reached.
    private struct TimeLimitReached: Error {}

    /// It was reached while no server was in service.
    private struct EngineWasAway: Error {}

    /// The attempt was cut off before its end.
    public struct Interrupted: Error {
        /// What there is of it, complete turns only, with the status `unfinished`; nil when not even
        /// its prompt is there.
        public let soFar: Episode?
        /// Why no attempt can be made here any more; nil when this one was cancelled.
        public let loss: String?
    }

    /// Who waits for what.
    public let whereabouts = Whereabouts()

    private let loop: EventLoop
    private let engine: Engine
    private let sandbox: SandboxPool?
    let grader: GraderPool
    private let prompt: PromptTemplate
    private let settings: Settings
    let ungraded = Ungraded()
    private let thought = ThoughtMark()
    private let tokens = TokenMemory()

    /// A runner over started services; `sandbox` may be nil when no snippet is to be run.
    ///
    /// Attempts wait for what the thread of `loop` watches: on it, no wait ends by waking another one.
    public init(
        loop: EventLoop,
        engine: Engine,
        sandbox: SandboxPool?,
        grader: GraderPool,
        prompt: PromptTemplate,
        settings: Settings
    ) {
        precondition(sandbox != nil || !settings.rules.isAgent, "an agent needs a sandbox")
        self.loop = loop
        self.engine = engine
        self.sandbox = sandbox
        self.grader = grader
        self.prompt = prompt
        self.settings = settings
    }

    /// Makes one attempt and grades it.
    ///
    /// - Parameters:
    ///   - task: which attempt.
    ///   - problem: what to solve.
    ///   - policy: what to sample from.
    ///   - record: what an earlier job has made of it: the attempt goes on from there, its
    ///     interpreter rebuilt by running its snippets again. Should their outputs not be those of the
    ///     record, the attempt starts from its beginning.
    /// - Returns: the episode, whatever became of it.
    /// - Throws: ``Interrupted`` when cancelled, when engine or sandbox are lost, or when graders cannot
    ///   be started again and again: the attempt was not made.
    public func run(
        _ task: EpisodeTask,
        problem: Problem,
        policy: Policy,
        from record: Episode? = nil
    ) async throws -> Episode {
        defer { whereabouts.forget(task) }
        var (attempt, ending) = await made(task, problem: problem, policy: policy, from: record)
        var notMade: (any Error)?
        do {
            attempt.finish = try ending.get()
        } catch is TimeLimitReached {
            attempt.finish = .timeLimit
        } catch is EngineWasAway {
            attempt.fail(.inference, "the attempt's time was over while the engine was restarting")
        } catch let error as InferenceError where !error.isEngineLost && !Task.isCancelled {
            attempt.retryCount += error.retryCount
            if case .contextExceeded = error.cause {
                attempt.finish = .contextLimit
            } else {
                attempt.fail(.inference, "\(error)")
            }
        } catch let error as SandboxError where sandbox?.isLost != true && !Task.isCancelled {
            attempt.fail(.sandbox, "\(error)")
        } catch {
            notMade = error
        }
        await attempt.session?.close()
        do {
            if let notMade { throw notMade }
            try await grade(&attempt, problem: problem)
        } catch {
            throw Interrupted(
                soFar: try attempt.soFar(settings: settings),
                loss: Task.isCancelled ? nil : "\(error)"
            )
        }
        return try attempt.episode(settings: settings)
    }

    /// An attempt without its grade, and how it ended.
    private typealias Made = (attempt: Attempt, ending: Result<Episode.Finish, any Error>)

    /// Goes on with `record` where that can be done, or else makes the attempt from its beginning.
    private func made(
        _ task: EpisodeTask,
        problem: Problem,
        policy: Policy,
        from record: Episode?
    ) async -> Made {
        // Its time begins when it is made, so a replay that led nowhere does not count.
        func begun() -> Attempt {
            Attempt(
                task: task,
                policy: policy,
                loop: AgentLoop(rules: settings.rules, specials: settings.specials),
                neutralizedInPrompt: settings.specials.neutralized(problem.statement).count
            )
        }
        if let record {
            var resumed = begun()
            do {
                // Without the attempt's limit, which may be over: nothing of the record is to be lost.
                if let last = try await replay(record, into: &resumed) {
                    return await limited(resumed) { try await walk(&$0, from: last) }
                }
            } catch {
                return (resumed, .failure(error))
            }
            await resumed.session?.close()
        }
        return await limited(begun()) { attempt in
            try await walk(&attempt, from: begin(&attempt, problem: problem))
        }
    }

    /// Lets `body` work on `attempt` within the attempt's wall-clock limit.
    private func limited(
        _ attempt: Attempt,
        _ body: @escaping @Sendable (inout Attempt) async throws -> Episode.Finish
    ) async -> Made {
        let (made, isOver) = await loop.run(until: attempt.started + settings.timeLimit) {
            () async -> Made in
            var attempt = attempt
            do {
                let finish = try await body(&attempt)
                return (attempt, .success(finish))
            } catch {
                return (attempt, .failure(error))
            }
        }
        guard isOver, !Task.isCancelled, case .failure(let error) = made.ending else { return made }
        // The model is not to blame for a time in which there was no engine.
        if error is InferenceError, await !engine.isServing {
            return (made.attempt, .failure(EngineWasAway()))
        }
        return (made.attempt, .failure(TimeLimitReached()))
    }

    /// Gets the prompt's ids.
    private func begin(
        _ attempt: inout Attempt,
        problem: Problem
    ) async throws -> AgentLoop.Step {
        whereabouts.note(attempt.task, waitsFor: .engine)
        let messages = prompt.messages(for: settings.specials.neutralized(problem.statement).text)
        let (promptIDs, promptSeconds) = try await tokenized(
            .prompt(Array(problem.statement.utf8)),
            &attempt
        ) {
            try await engine.promptIDs(messages)
        }
        return attempt.loop.begin(
            promptIDs: promptIDs,
            text: messages.map(\.content).joined(separator: "\n"),
            wallSeconds: promptSeconds,
            opensThought: try await thought.isOpened(by: promptIDs, engine: engine)
        )
    }

    /// The ids of `source`, asked for when they are not known, and how long that took: 0 for known ones.
    private func tokenized(
        _ source: TokenMemory.Source,
        _ attempt: inout Attempt,
        _ ask: () async throws -> Engine.Tokenized
    ) async throws -> (ids: [Int32], seconds: Double) {
        if let known = tokens.ids(of: source) { return (known, 0) }
        let (answer, seconds) = try await timed(&attempt.times.inference, ask)
        attempt.retryCount += answer.retryCount
        tokens.note(answer.ids, of: source)
        return (answer.ids, seconds)
    }

    /// Feeds the loop what a record has, as if it happened now.
    ///
    /// - Returns: the step that comes after the record; nil when it is not what would happen now.
    private func replay(
        _ record: Episode,
        into attempt: inout Attempt
    ) async throws -> AgentLoop.Step? {
        var replay = EpisodeReplay(record)
        guard let promptIDs = replay.promptIDs else { return nil }
        let opensThought = try await thought.isOpened(by: promptIDs, engine: engine)
        guard var step = replay.begin(&attempt.loop, opensThought: opensThought) else { return nil }
        attempt.resume(record)
        while !replay.isOver {
            if case .run = step, let calls = replay.recordedCalls(for: step, attempt.loop) {
                let session = try await session(&attempt)
                whereabouts.note(attempt.task, waitsFor: .sandbox)
                for call in calls {
                    let result = try await session.run(call.code)
                    guard result.output == call.output else { return nil }
                }
                attempt.toolCalls += calls
                step = attempt.loop.receive(outputs: calls.map(\.output))
            } else if let next = replay.feed(&attempt.loop, after: step) {
                step = next
            } else {
                return nil
            }
        }
        return step
    }

    /// Feeds the loop until it finishes.
    private func walk(
        _ attempt: inout Attempt,
        from first: AgentLoop.Step
    ) async throws -> Episode.Finish {
        var step = first
        attempt.settle()
        while true {
            switch step {
            case .sample(let maxTokens):
                step = try await sample(maxTokens, &attempt)
            case .run(let snippets):
                step = try await runSnippets(snippets, &attempt)
            case .tokenize(let text):
                whereabouts.note(attempt.task, waitsFor: .engine)
                let (ids, seconds) = try await tokenized(.text(Array(text.utf8)), &attempt) {
                    try await engine.tokenIDs(text)
                }
                step = attempt.loop.insert(ids, text: text, wallSeconds: seconds)
            case .finish(let finish):
                return finish
            }
            attempt.settle()
        }
    }

    private func sample(
        _ maxTokens: Int,
        _ attempt: inout Attempt
    ) async throws -> AgentLoop.Step {
        let ids = attempt.loop.trajectory.ids
        let parameters = SamplingParameters(
            temperature: attempt.policy.temperature,
            topP: settings.topP,
            topK: settings.topK,
            maxTokens: maxTokens,
            stop: settings.rules.isAgent ? settings.rules.stop : [],
            seed: attempt.task.seed(
                runSeed: settings.runSeed,
                turnIndex: attempt.loop.modelTurnCount
            )
        )
        let adapter = attempt.policy.adapterName
        whereabouts.note(attempt.task, waitsFor: .engine)
        let (completion, seconds) = try await timed(&attempt.times.inference) {
            try await engine.complete(ids, parameters, model: adapter)
        }
        attempt.retryCount += completion.retryCount
        attempt.cachedTokenCount += completion.cachedTokenCount
        return attempt.loop.receive(
            AgentLoop.Sampled(
                ids: completion.ids,
                logProbabilities: completion.logProbabilities,
                text: completion.text,
                finishReason: completion.finishReason,
                wallSeconds: seconds
            )
        )
    }

    private func runSnippets(
        _ snippets: [String],
        _ attempt: inout Attempt
    ) async throws -> AgentLoop.Step {
        let session = try await session(&attempt)
        whereabouts.note(attempt.task, waitsFor: .sandbox)
        var outputs: [String] = []
        for code in snippets {
            let (result, _) = try await timed(&attempt.times.sandbox) {
                try await session.run(code)
            }
            attempt.toolCalls.append(
                ToolCall(
                    turnIndex: attempt.loop.lastTurnIndex,
                    code: code,
                    output: result.output,
                    status: result.status.rawValue,
                    wallSeconds: result.seconds,
                    peakBytes: result.peakBytes
                )
            )
            outputs.append(result.output)
        }
        return attempt.loop.receive(outputs: outputs)
    }

    /// The attempt's interpreter, opened when it is first needed.
    private func session(_ attempt: inout Attempt) async throws -> SandboxSession {
        if let open = attempt.session { return open }
        guard let sandbox else { preconditionFailure("an agent needs a sandbox") }
        let seed = attempt.task.seed(runSeed: settings.runSeed, turnIndex: 0)
        let (session, _) = try await timed(&attempt.times.sandbox) {
            try await sandbox.openSession(seed: seed)
        }
        attempt.session = session
        return session
    }

    /// Adds what `operation` takes to `total`, also when it fails.
    func timed<Result>(
        _ total: inout Double,
        _ operation: () async throws -> Result
    ) async throws -> (Result, Double) {
        let start = ContinuousClock.now
        var seconds: Double { (ContinuousClock.now - start).seconds }
        do {
            let result = try await operation()
            let spent = seconds
            total += spent
            return (result, spent)
        } catch {
            total += seconds
            throw error
        }
    }
}
