import Configuration
import Foundation
import Grading
import HTTP
import Inference
import Logging
import RolloutModel
import Rollouts
import Sandbox
import ScriptedEngine

/// What attempts need beside an engine, started once for all tests: it takes seconds.
enum AttemptServices {
    static let sandbox = Task.detached {
        try SandboxPool(
            configuration: SandboxConfiguration(
                python: RealEngine.python,
                allowedModules: SandboxSection.usualModules
            ),
            sessionLimit: 512
        )
    }

    static let grader = Task.detached {
        try GraderPool(configuration: GradingSection(), python: RealEngine.python)
    }

    static let runSeed: UInt64 = 11
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// An engine that is attached to `endpoint`, and impatient.
    static func engine(
        at endpoint: HTTPEndpoint,
        model: String = "scripted"
    ) async throws -> Engine {
        try await Engine.start(
            EngineOptions(
                python: "",
                model: "",
                servedName: model,
                runDirectory: "/no/run",
                logPath: "/no/log",
                readyTimeout: .seconds(30),
                requestTimeout: .seconds(120),
                stallTimeout: .seconds(60),
                restartLimit: 1,
                restartPause: .milliseconds(20),
                attach: endpoint
            ),
            logger: quiet
        )
    }

    /// A runner of attempts at `engine`.
    static func runner(
        _ engine: Engine,
        prompt: String = "{problem}",
        systemPrompt: String? = nil,
        rules: AgentRules,
        timeLimit: Duration = .seconds(100),
        grader: GraderPool? = nil
    ) async throws -> EpisodeRunner {
        let usual = try await Self.grader.value
        return
            EpisodeRunner(
                loop: try EventLoop.shared(),
                engine: engine,
                sandbox: try await sandbox.value,
                grader: grader ?? usual,
                prompt: try PromptTemplate(
                    text: prompt,
                    path: "prompt",
                    modules: ["math"],
                    systemPrompt: systemPrompt
                ),
                settings: EpisodeRunner.Settings(
                    runSeed: runSeed,
                    rules: rules,
                    timeLimit: timeLimit,
                    topP: 1,
                    topK: 0
                )
            )
    }

    /// The model as the engine has it.
    static let policy = Policy(temperature: 1)

    static func task(_ problem: Int, _ sample: Int = 0) -> EpisodeTask {
        EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample))
    }
}
