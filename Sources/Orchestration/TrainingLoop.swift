// The steps of training, the same on every rank:
//
//   wait for the policy -> swap it into the engines -> attempts -> advantages -> write the step
//
// Rank 0 alone knows the trainer. It hands over by files that are complete when they have their name:
// a step's traces one way, an adapter the other. No collective call spans the two programs.

import Configuration
private import Foundation
import Inference
import Logging
import MPI
import RolloutModel
import Rollouts
import Sandbox
import TraceStore

/// The steps of one rank, from the first draw to the last adapter.
struct TrainingLoop: ~Copyable {
    /// Where an earlier job stopped; the same on every rank.
    struct Position: Hashable, Sendable {
        /// Steps whose files are whole.
        var stepCount: Int
        /// Problems drawn for them.
        var drawnCount: Int
    }

    private let plan: JobPlan
    private let directory: RunDirectory
    private let services: WorkerServices?
    private let worker: Worker?
    private let runID: String
    private let logger: Logger
    private let watchdog: Watchdog
    private var exchange: Exchange
    private var trainer: TrainerProcess?
    private let reporter: TrainingReporter?
    private var stream: ProblemStream
    private var number: Int
    private var loadedVersion = 0
    private var madeCount = 0
    private var untold: [(number: Int, facts: StepFacts, writtenAt: ContinuousClock.Instant)] = []

    private var training: TrainingSection { plan.configuration.training }

    /// Steps over `services`, which are nil on a rank that makes no attempts; rank 0 has the
    /// `trainer`.
    init(
        plan: JobPlan,
        layout: RankLayout,
        services: WorkerServices?,
        trainer: consuming TrainerProcess?,
        position: Position,
        runID: String,
        directory: RunDirectory,
        signals: StopSignals,
        watchdog: Watchdog,
        logger: Logger
    ) throws {
        self.plan = plan
        self.directory = directory
        self.services = services
        self.trainer = trainer
        self.runID = runID
        self.watchdog = watchdog
        self.logger = logger
        let (run, training) = (plan.configuration.run, plan.configuration.training)
        number = position.stepCount + 1
        stream = ProblemStream(
            seed: run.seed,
            problemCount: plan.problems.count,
            drawnCount: position.drawnCount
        )
        let executor = try EventLoop.shared()
        let worker = try services.map { services in
            try Worker(
                runner: try services.runner(plan: plan),
                problems: plan.problems,
                policy: Policy(temperature: training.temperature(atStep: position.stepCount + 1)),
                reward: RewardRule(plan.configuration),
                concurrency: plan.configuration.engine.concurrency.initial
            )
        }
        self.worker = worker
        let isLead = layout.rank == .coordinator
        let reporter = TrainingReporter(
            firstStep: position.stepCount + 1,
            stepCount: training.steps,
            file: ProgressFile(path: directory.progressPath)
        )
        self.reporter = isLead ? reporter : nil
        let desk: WorkerDesk? =
            if let worker, let services {
                WorkerDesk(
                    rank: layout.rank,
                    worker: worker,
                    engine: services.engine,
                    policy: plan.configuration.engine.concurrency == .auto
                        ? ConcurrencyPolicy() : nil,
                    executor: executor
                )
            } else {
                nil
            }
        exchange = Exchange(
            layout: layout,
            post: Post(
                desk: desk,
                kept: UnfinishedEpisodes(run: directory.path) { error in
                    logger.error("unfinished attempts lost", metadata: ["cause": "\(error)"])
                },
                logger: logger
            ),
            lead: isLead
                ? Lead(
                    coordinator: Coordinator(
                        problemCount: 0,
                        sampleCount: training.groupSize,
                        done: [],
                        workers: layout.workers,
                        shardProblems: run.shardProblems
                    ),
                    reporter: reporter,
                    roundTime: nil,
                    stallTime: .seconds(run.stallSeconds)
                ) : nil,
            run: run,
            signals: signals,
            watchdog: watchdog,
            logger: logger
        )
    }

    /// Goes through the steps until the last adapter is there, or the job is stopped or failed.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    mutating func run(
        world: borrowing Communicator,
        store: borrowing RunStore
    ) throws -> JobExit {
        exchange.post.desk?.open()
        while number <= training.steps {
            if let joined = try waitForPolicy(policyVersion(of: number), world: world) {
                return try end(joined, world: world, store: store)
            }
            let swapBegin = ContinuousClock.now
            if let joined = try swap(world: world) {
                return try end(joined, world: world, store: store)
            }
            let generationBegin = ContinuousClock.now
            if let joined = try generate(world: world) {
                return try end(joined, world: world, store: store)
            }
            try write(
                world: world,
                store: store,
                swapSeconds: (generationBegin - swapBegin).seconds,
                generationBegin: generationBegin
            )
            number += 1
        }
        if let joined = try waitForPolicy(training.steps, world: world) {
            return try end(joined, world: world, store: store)
        }
        _ = exchange.post.desk?.close()
        exchange.lead?.finishTraining()
        if world.rank == Rank.coordinator.value {
            trainer?.stop()
            Console.result(
                "trained \(training.steps) steps; the last adapter is "
                    + "\(directory.policyPath(training.steps)); deepmath-report summary "
                    + "\(directory.path) prints the curve"
            )
        }
        return .done
    }

    /// The update that a step is sampled with: always the same lag, so that a run repeats.
    private func policyVersion(of step: Int) -> Int { max(0, step - 1 - training.maxStaleness) }

    /// Waits until the adapter of an update is there.
    ///
    /// - Returns: nil, or why the job ends first.
    private mutating func waitForPolicy(
        _ version: Int,
        world: borrowing Communicator
    ) throws -> Heartbeat? {
        watchdog.beat("the trainer is waited for")
        exchange.lead?.rest()
        let path = directory.policyPath(version)
        let isLead = world.rank == Rank.coordinator.value
        var trainer = trainer.take()
        var failure: String?
        defer { self.trainer = trainer }
        let joined = try exchange.next(over: world) {
            guard isLead else { return [] }
            if version == 0 || FileManager.default.fileExists(atPath: path) { return .complete }
            guard failure == nil else { return .failed }
            do {
                try trainer?.look()
                return []
            } catch {
                failure = "\(error)"
                return .failed
            }
        }
        if let failure { Console.error(failure) }
        guard joined.decision == .finish else { return joined }
        tellSteps(upTo: version)
        // What is begun now would be cut off: the end of a step is the place to stop.
        return exchange.drain.hasBegun && number <= training.steps ? .stopping : nil
    }

    /// Prints the lines of steps whose adapter is there.
    private mutating func tellSteps(upTo version: Int) {
        while let first = untold.first, first.number <= version {
            var facts = first.facts
            facts.trainingSeconds = (ContinuousClock.now - first.writtenAt).seconds
            reporter?.tell(first.number, facts)
            untold.removeFirst()
        }
    }

    /// Loads the step's adapter into this rank's engine, under a name of its own, and unloads the
    /// one before: no attempt uses it any more.
    ///
    /// A server may reuse cached prefixes of an old adapter under the same name.
    private mutating func swap(world: borrowing Communicator) throws -> Heartbeat? {
        watchdog.beat("the policy is loaded")
        let version = policyVersion(of: number)
        let (old, path) = (loadedVersion, directory.policyPath(version))
        loadedVersion = version
        worker?.sample(
            from: Policy(
                version: version,
                adapterName: version == 0 ? nil : Self.adapterName(version),
                temperature: training.temperature(atStep: number)
            )
        )
        guard version != old else { return nil }
        let logger = logger
        let loading = services.map { services in
            Startup {
                do {
                    try await services.engine.loadAdapter(
                        name: Self.adapterName(version),
                        path: path
                    )
                    if old > 0 {
                        try await services.engine.unloadAdapter(name: Self.adapterName(old))
                    }
                } catch let error as InferenceError where error.isEngineLost {
                    // The attempts will find that out, and go to others.
                    logger.error("engine lost", metadata: ["cause": "\(error)"])
                }
            }
        }
        var failure: String?
        let joined = try exchange.next(over: world) {
            switch loading?.outcome {
            case .some(.success): return .complete
            case .some(.failure(let error)):
                failure = "\(error)"
                return .failed
            case nil: return loading == nil ? .complete : .busy
            }
        }
        if let failure {
            Console.error("rank \(world.rank): \(path) cannot be loaded: \(failure)")
        }
        return joined.decision == .finish ? nil : joined
    }

    private static func adapterName(_ version: Int) -> String {
        let digits = "\(version)"
        return "policy-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Makes the attempts of the step.
    private mutating func generate(world: borrowing Communicator) throws -> Heartbeat? {
        watchdog.beat("attempts begin")
        if exchange.lead != nil {
            let step = TrainingStep(
                number: number,
                rules: TrainingStep.Rules(
                    groupCount: training.problemsPerStep,
                    groupSize: training.groupSize,
                    resampleLimit: training.resampledGroups,
                    advantage: training.advantage == .scaled ? .scaled : .meanOnly
                ),
                stream: stream
            )
            let grants = exchange.lead?.begin(step) ?? []
            try exchange.send(grants, over: world)
        }
        let joined = try exchange.next(over: world)
        return joined.decision == .finish ? nil : joined
    }

    /// Gives every attempt its advantage and writes the step.
    private mutating func write(
        world: borrowing Communicator,
        store: borrowing RunStore,
        swapSeconds: Double,
        generationBegin: ContinuousClock.Instant
    ) throws {
        watchdog.beat("step \(number) is written")
        exchange.post.desk?.forgetRecords()
        let begin = ContinuousClock.now
        let version = policyVersion(of: number)
        let temperature = training.temperature(atStep: number)
        var message = ByteWriter()
        var attributes: [String: String] = [:]
        var summary: StepSummary?
        if let (step, outcomes) = exchange.lead?.takeStep() {
            let result = step.result(outcomes)
            stream = step.stream
            summary = result.summary
            attributes =
                StepRecord(
                    runID: runID,
                    number: number,
                    policyVersion: version,
                    temperature: temperature,
                    trainedProblems: result.trainedProblems,
                    drawnCount: stream.drawnCount
                ).attributes
            message.write(list: result.advantages.sorted { $0.key < $1.key }) { writer, entry in
                writer.write(entry.key)
                writer.write(entry.value)
            }
        }
        let advantages = try Self.advantages(
            try world.broadcast(message.bytes, from: Rank.coordinator.value)
        )
        var batch = exchange.takeRows()
        batch.setAdvantages { advantages[$0] ?? 0 }
        let sample = RankSample(
            round: number,
            rank: exchange.layout.rank,
            host: exchange.layout.view.node,
            gpu: services?.visibleDevices ?? "",
            inFlightCount: 0,
            restartCount: exchange.post.desk?.engineRestartCount ?? 0,
            wallSeconds: (begin - generationBegin).seconds,
            endedAt: Date.now.timeIntervalSince1970,
            episodes: batch.episodes
        )
        try store.writeStep(
            number,
            batch,
            sample: sample,
            attributes: attributes,
            world: world
        )
        madeCount += 1
        if let summary {
            let end = ContinuousClock.now
            var facts = StepFacts(
                summary: summary,
                temperature: temperature,
                policyVersion: version
            )
            facts.generationSeconds = (begin - generationBegin).seconds
            facts.swapSeconds = swapSeconds
            facts.writingSeconds = (end - begin).seconds
            untold.append((number, facts, end))
        }
    }

    private static func advantages(_ bytes: [UInt8]) throws -> [EpisodeTask: Double] {
        var reader = ByteReader(bytes)
        let entries = try reader.list { reader in
            let task = try reader.task()
            return (task, try reader.number())
        }
        try reader.end()
        return Dictionary(entries) { first, _ in first }
    }

    /// Keeps what the step has so far, and says why the job ends.
    private mutating func end(
        _ joined: Heartbeat,
        world: borrowing Communicator,
        store: borrowing RunStore
    ) throws -> JobExit {
        let rest = exchange.post.desk?.close()
        trainer?.stop()
        // Attempts that ended wait for the others of their step as the unfinished ones do.
        let records = exchange.takeRows().episodes + (rest?.episodes ?? []) + (rest?.records ?? [])
        watchdog.beat("unfinished attempts are written")
        try store.keep(unfinished: records, world: world)
        let advance = try world.agree([Int64(exchange.post.advance(records))], by: .sum)[0]
        let kept = try Post.tasks(of: records, world: world)
        let hasAdvanced = madeCount > 0 || advance > 0
        let reason =
            switch joined.decision {
            case .giveUp: "nothing has advanced for \(Int(plan.configuration.run.stallSeconds)) s"
            case .fail: joined.contains(.stuck) ? "no worker is left" : "a rank failed"
            default: "stopped by \(exchange.signals.received ?? "the time limit")"
            }
        let message =
            "\(reason): \(number - 1) of \(training.steps) steps and \(kept.count) attempts of the "
            + "next are kept in \(directory.path); the same command goes on from there"
        exchange.lead?.endTraining(joined.decision == .stop ? .interrupted : .failed, message)
        switch joined.decision {
        case .stop: return hasAdvanced ? .interrupted : .interruptedWithoutProgress
        case .giveUp: return .stalled
        default: return .failed
        }
    }
}

extension RewardRule {
    /// The rule of a configuration, whose contradictions have been looked for.
    init(_ configuration: JobConfiguration) {
        let reward = configuration.reward
        self.init(
            accuracy: reward.accuracy,
            copied: reward.copied,
            toolUse: reward.toolUse,
            length: reward.length,
            toolUseMeans: reward.toolUseMeans == .anyCall ? .anyCall : .successfulCall,
            lengthLimit: configuration.agent.outputTokens,
            softZone: min(reward.softZoneTokens, configuration.agent.outputTokens)
        )
    }
}
