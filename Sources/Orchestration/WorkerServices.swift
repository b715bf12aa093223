// What a worker needs besides the network: its engine, interpreters and graders. Started in
// tasks while the main thread keeps answering the other ranks.

import Configuration
private import Foundation
import Grading
import Inference
import Logging
import RolloutModel
import Rollouts
import Sandbox
private import Synchronization

/// The services of one worker, started.
struct WorkerServices: Sendable {
    /// Where and with what a worker's services start.
    struct Options: Sendable {
        let configuration: JobConfiguration
        /// Private directory of the rank.
        let directory: String
        /// Zero-based index among all workers.
        let workerIndex: Int
        /// Zero-based index among the workers of the node.
        let localIndex: Int
        /// Workers of the node.
        let localCount: Int
        let binding: GPUBinding
        /// Rank of the adapters to be loaded later; nil when there will be none.
        let adapterRank: Int?
        /// An engine that runs already and is the one wanted.
        let engine: Engine?
        /// Name under which the configuration's adapter is loaded once the engine runs.
        let adapterName: String?
        let logger: Logger
    }

    let engine: Engine
    let sandbox: SandboxPool?
    let grader: GraderPool
    /// Tokens the engine can hold for one request.
    let contextTokens: Int
    /// Name and value of what the trace says about this rank.
    let facts: [String: String]
    /// CUDA_VISIBLE_DEVICES of the engine; empty without a GPU.
    let visibleDevices: String

    /// Starts everything; what starts in seconds first, so that a broken Python is known at once.
    ///
    /// - Throws: an error whose description says what is missing and how to mend it.
    static func start(_ options: Options) async throws -> WorkerServices {
        let configuration = options.configuration
        let grader = try GraderPool(
            configuration: configuration.grading,
            python: configuration.gradingPython,
            logPath: options.directory + "/grader.log",
            logger: options.logger
        )
        var sandbox: SandboxPool?
        do {
            let graderVersions = try await grader.versions()
            if configuration.agent.enabled {
                sandbox = try SandboxPool(
                    configuration: SandboxConfiguration(configuration),
                    sessionLimit: configuration.engine.concurrency.most
                )
            }
            let engine = try await Self.engine(options)
            let statistics = await engine.statistics
            let visibleDevices =
                options.binding.visibleDevices?.joined(separator: ",")
                ?? ProcessInfo.processInfo.environment["CUDA_VISIBLE_DEVICES"] ?? ""
            return WorkerServices(
                engine: engine,
                sandbox: sandbox,
                grader: grader,
                contextTokens: statistics.maxModelLength,
                facts: [
                    "engine_version": statistics.version,
                    "log_probability_mode": "\(statistics.logProbabilityMode)",
                    "engine_flags": statistics.flags.joined(separator: " "),
                    "grader_versions": graderVersions.sorted { $0.key < $1.key }
                        .map { "\($0.key) \($0.value)" }.joined(separator: ", "),
                    "sandbox": sandbox?.enforcement.summary ?? "not used",
                    "sandbox_versions": try await sandbox?.libraryVersions() ?? "",
                    "host_gpus": visibleDevices,
                ],
                visibleDevices: visibleDevices
            )
        } catch {
            sandbox?.shutdown()
            await grader.shutdown()
            throw error
        }
    }

    /// The engine, with the adapter loaded that it has not started with.
    private static func engine(_ options: Options) async throws -> Engine {
        let engine: Engine
        if let running = options.engine {
            engine = running
        } else {
            engine = try await Engine.start(try EngineOptions(options), logger: options.logger)
        }
        guard let name = options.adapterName, let path = options.configuration.engine.adapter
        else { return engine }
        do {
            if try await !engine.hasAdapter(name: name) {
                try await engine.loadAdapter(name: name, path: path)
            }
        } catch {
            if options.engine == nil { await engine.stop() }
            throw error
        }
        return engine
    }

    /// Ends every process of the worker.
    func stop() async {
        await engine.stop()
        await stopHelpers()
    }

    /// Ends every process of the worker but its engine.
    func stopHelpers() async {
        sandbox?.shutdown()
        await grader.shutdown()
    }

    /// The desk of this worker.
    func desk(plan: JobPlan, rank: Rank, adapterName: String? = nil) throws -> WorkerDesk {
        let concurrency = plan.configuration.engine.concurrency
        return WorkerDesk(
            rank: rank,
            worker: try Worker(
                runner: try runner(plan: plan),
                problems: plan.problems,
                policy: Policy(
                    adapterName: adapterName,
                    temperature: plan.configuration.sampling.temperature
                ),
                concurrency: concurrency.initial
            ),
            engine: engine,
            policy: concurrency == .auto ? ConcurrencyPolicy() : nil,
            // Attempts wait for what this thread watches: on it, no wait ends by waking another one.
            executor: try EventLoop.shared()
        )
    }

    /// The runner of this worker's attempts.
    func runner(plan: JobPlan) throws -> EpisodeRunner {
        let configuration = plan.configuration
        return EpisodeRunner(
            loop: try EventLoop.shared(),
            engine: engine,
            sandbox: sandbox,
            grader: grader,
            prompt: try plan.prompt(),
            settings: EpisodeRunner.Settings(
                runSeed: configuration.run.seed,
                rules: AgentRules(configuration.agent, contextTokens: contextTokens),
                timeLimit: .seconds(configuration.agent.episodeSeconds),
                topP: configuration.sampling.topP,
                topK: max(0, configuration.sampling.topK),
                specials: try SpecialTexts(modelAt: configuration.model.path)
            )
        )
    }
}

extension AgentRules {
    /// What `agent` asks for, with an engine that holds `contextTokens`.
    init(_ section: AgentSection, contextTokens: Int) {
        self.init(
            isAgent: section.enabled,
            stepLimit: section.stepLimit,
            turnTokens: section.turnTokens,
            outputTokens: section.outputTokens,
            toolOutputTokens: section.toolOutputTokens,
            invalidCallLimit: section.invalidCallLimit,
            stop: section.stop,
            contextTokens: contextTokens
        )
    }
}

extension ConcurrencySetting {
    /// The most episodes it lets a worker have in flight.
    var most: Int {
        switch self {
        case .auto: ConcurrencyPolicy.most
        case .fixed(let count): count
        }
    }
}

extension ConcurrencySetting {
    /// How many episodes a worker has in flight at first.
    var initial: Int {
        switch self {
        case .auto: ConcurrencyPolicy().limit
        case .fixed(let count): count
        }
    }
}

extension EngineOptions {
    fileprivate init(_ options: WorkerServices.Options) throws {
        let engine = options.configuration.engine
        var environment = engine.environment
        if options.binding == .cpu, engine.cpuBinding == "auto" {
            environment["VLLM_CPU_OMP_THREADS_BIND"] = CoreShare.of(
                localIndex: options.localIndex,
                localCount: options.localCount,
                coreCount: ProcessInfo.processInfo.activeProcessorCount
            )
        } else if options.binding == .cpu, let binding = engine.cpuBinding {
            environment["VLLM_CPU_OMP_THREADS_BIND"] = binding
        }
        let attach =
            engine.attach.isEmpty
            ? nil
            : try EngineEndpoint(engine.attach[options.workerIndex % engine.attach.count])
        self.init(
            python: engine.python,
            model: options.configuration.model.path,
            servedName: options.configuration.model.path,
            runDirectory: options.directory,
            logPath: options.directory + "/engine.log",
            arguments: engine.arguments,
            environment: environment,
            readyTimeout: .seconds(engine.readySeconds),
            requestTimeout: .seconds(engine.requestSeconds),
            restartLimit: engine.restarts,
            tensorParallel: engine.tensorParallel,
            adapter: options.adapterName == nil ? engine.adapter : nil,
            adapterRank: options.adapterRank,
            attach: attach,
            gpus: options.binding.visibleDevices,
            computesOnCores: options.binding == .cpu,
            logTailLines: engine.logLines
        )
    }
}

/// The cores of one of several engines on a node without GPUs.
enum CoreShare {
    /// A list of cores as vLLM takes it, such as `4-7`: equal consecutive parts, at least one core.
    static func of(localIndex: Int, localCount: Int, coreCount: Int) -> String {
        let share = max(1, coreCount / max(1, localCount))
        let first = (localIndex * share) % max(1, coreCount)
        return share == 1 ? "\(first)" : "\(first)-\(min(first + share, coreCount) - 1)"
    }
}
