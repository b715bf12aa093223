import Foundation
import Inference
import Logging
import RolloutModel
import Rollouts
import Testing

/// Exactness with a real language model and its tokenizer; see also ``RealEngineTests``.
///
/// Making and serving it takes three minutes: `DEEPMATH_ENGINE_TESTS=all` enables it. `RealTrainingTests`
/// compares its log-probabilities with the trainer's always.
@Suite(.enabled(if: RealEngine.isEverythingWanted), .timeLimit(.minutes(10)))
struct ExactnessTests {
    @Test func smolLM2() async throws {
        guard let model = try TestModels.smolLM2() else {
            try Test.cancel("the package index cannot be reached, and the model comes from there")
        }
        let directory = try Exactness.scratch()
        var options = RealEngine.options
        options.model = model
        options.runDirectory = directory
        options.logPath = directory + "/engine.log"
        options.adapterRank = nil
        let server = try await Engine.start(options, logger: Logger(label: "engine"))
        try await Exactness().examine(
            Exactness.Subject(
                model: model,
                prompt: "{problem} Write a short Python program that prints it.",
                statements: [
                    "What is 17 * 23?", "What is 2 ** 20?", "What is the sum of 1 to 50?",
                ],
                rules: AgentRules(
                    stepLimit: 4,
                    turnTokens: 24,
                    outputTokens: 90,
                    contextTokens: 1024
                ),
                temperature: 0.5
            ),
            servedFrom: directory + "/engine/socket",
            in: directory
        )
        await server.stop()
        try FileManager.default.removeItem(atPath: directory)
    }
}

/// Ids in are ids out, and their log-probabilities are the model's: whole attempts against the real
/// vLLM, with everything that goes over the wire written down.
struct Exactness {
    /// A model, and what makes it write programs.
    struct Subject {
        var model: String
        var servedName = "policy"
        var adapter: String?
        var prompt: String
        var statements: [String]
        var rules: AgentRules
        var temperature: Double
    }

    /// A new folder with a path short enough for a socket's name.
    static func scratch() throws -> String {
        let directory = "/tmp/exactness-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: false
        )
        return directory
    }

    /// Makes an attempt at each statement, with the server behind `socket`, and checks every token.
    func examine(
        _ subject: Subject,
        servedFrom socket: String,
        in directory: String
    ) async throws {
        let proxy = try RecordingProxy(before: socket, directory: directory)
        let engine = try await AttemptServices.engine(
            at: proxy.endpoint,
            model: subject.servedName
        )
        let runner = try await AttemptServices.runner(
            engine,
            prompt: subject.prompt,
            rules: subject.rules
        )
        let policy = Policy(temperature: subject.temperature)
        let episodes = try await withThrowingTaskGroup(of: Episode.self) { group in
            for (index, statement) in subject.statements.enumerated() {
                group.addTask {
                    let problem = Problem(id: "\(index)", statement: statement, answer: "391")
                    return try await runner.run(
                        AttemptServices.task(index),
                        problem: problem,
                        policy: policy
                    )
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        await engine.stop()
        let calls = try proxy.calls()
        proxy.stop()

        // Cut turns and invalid calls make turns as well as programs do.
        #expect(episodes.contains { $0.trajectory.turns.count { $0.role == .model } >= 2 })
        for episode in episodes { try expectExact(episode, calls) }
        try expectModelsOwn(episodes, subject)
    }

    /// Every context that was sent is what came before it, and nothing was ever decoded for it.
    private func expectExact(_ episode: Episode, _ calls: [RecordingProxy.Call]) throws {
        #expect(episode.status == .completed, "\(episode.failure)")
        #expect(Set(calls.map(\.path)) == ["/tokenize", "/v1/completions"])
        let trajectory = episode.trajectory
        var ids: [Int32] = []
        var modelTurnIndex = 0
        for turn in trajectory.turns {
            let own = Array(trajectory.ids[turn.tokens])
            switch turn.role {
            case .prompt:
                // The server's own template, asked for once in each attempt.
                #expect(calls.count { $0.path == "/tokenize" && $0.received == own } == 1)
            case .tool:
                #expect(calls.contains { $0.text == turn.text && $0.received == own })
            case .model:
                let seed = episode.task.seed(
                    runSeed: AttemptServices.runSeed,
                    turnIndex: modelTurnIndex
                )
                let call = try #require(calls.first { $0.seed == seed })
                #expect(call.sent == ids)
                #expect(call.received == own)
                modelTurnIndex += 1
            }
            ids += own
        }
        #expect(ids == trajectory.ids)
    }

    private func expectModelsOwn(_ episodes: [Episode], _ subject: Subject) throws {
        let expected = try TestModels.logProbabilities(
            of: episodes.map { ($0.trajectory.ids, $0.trajectory.lossMask) },
            model: subject.model,
            adapter: subject.adapter,
            temperature: subject.temperature
        )
        for (episode, values) in zip(episodes, expected) {
            let trajectory = episode.trajectory
            let recorded = zip(trajectory.logProbabilities, trajectory.lossMask)
                .filter { $0.1 == 1 }.map(\.0)
            #expect(recorded.count == values.count && !values.isEmpty)
            let worst = zip(recorded, values).map { abs($0 - $1) }.max() ?? 1
            #expect(worst < 2e-3)
        }
    }
}
