// The rounds of a job without engines, interpreters and graders: everything between ranks, and the
// files, are the real ones, and attempts only take time. Sixty-four such ranks run on a laptop, so
// what rank 0 costs can be measured where no cluster is.

import Configuration
private import Foundation
import Logging
import MPI
import RolloutModel
import Rollouts
private import TraceStore

/// An evaluation whose attempts are sleeps of log-normal length.
package struct SimulatedJob: Codable, Sendable {
    /// What one rank has spent, from the first round to the last write.
    package struct Report: Codable, Sendable {
        package var rank: Int
        package var costs: RoundCosts
        /// Processor time of the process, all threads, packing left out, seconds.
        package var processorSeconds: Double
        package var wallSeconds: Double
    }

    /// Where the run directory lies.
    package var directory: String
    package var problemCount: Int
    package var sampleCount: Int
    /// Attempts that a worker has under way.
    package var concurrency: Int
    /// Median length of an attempt, seconds.
    package var medianSeconds: Double
    /// Spread of the logarithm of the length; 0 makes all equal.
    package var sigma: Double
    /// Sampled tokens of an attempt.
    package var tokenCount: Int
    package var roundSeconds: Double

    package init(
        directory: String,
        problemCount: Int,
        sampleCount: Int,
        concurrency: Int,
        medianSeconds: Double,
        sigma: Double,
        tokenCount: Int,
        roundSeconds: Double
    ) {
        self.directory = directory
        self.problemCount = problemCount
        self.sampleCount = sampleCount
        self.concurrency = concurrency
        self.medianSeconds = medianSeconds
        self.sigma = sigma
        self.tokenCount = tokenCount
        self.roundSeconds = roundSeconds
    }

    /// Runs this rank's part.
    ///
    /// - Important: Collective over all ranks; on the main thread.
    /// - Returns: on rank 0 what each rank has spent, elsewhere nothing.
    package func run() throws -> [Report] {
        let runtime = try MPIRuntime()
        let reports: [Report]
        do {
            reports = try runRank(world: runtime.world)
        } catch {
            Console.error("rank \(runtime.world.rank): \(error)")
            MPIRuntime.abort(code: 1)
        }
        try runtime.finalize()
        return reports
    }

    private func runRank(world: borrowing Communicator) throws -> [Report] {
        let plan = plan
        let run = RunDirectory(path: directory)
        let layout = try RankLayout(world: world)
        let watchdog = Watchdog(rank: world.rank, limit: .seconds(600))
        defer { watchdog.stop() }
        let store = try RunStore(
            directory: run,
            plan: plan,
            world: world,
            programVersion: "simulated",
            facts: [:]
        )
        var desk: WorkerDesk?
        if layout.isWorker {
            let worker = try Worker(
                runner: SimulatedAttempts(job: self),
                problems: plan.problems,
                policy: Policy(temperature: 1),
                concurrency: concurrency
            )
            desk = WorkerDesk(rank: layout.rank, worker: worker, engine: nil, policy: nil)
        }
        var rounds = try RoundLoop(
            plan: plan,
            layout: layout,
            desk: desk,
            gpu: "",
            done: [],
            directory: run,
            signals: StopSignals(),
            watchdog: watchdog,
            logger: Logger(label: "simulated")
        )
        let start = (processor: RoundCosts.processorSeconds, wall: ContinuousClock.now)
        _ = try rounds.run(world: world, store: store)
        let report = Report(
            rank: world.rank,
            costs: rounds.costs,
            processorSeconds: RoundCosts.processorSeconds - start.processor
                - rounds.costs.packSeconds,
            wallSeconds: (ContinuousClock.now - start.wall).seconds
        )
        let bytes = try JSONEncoder().encode(report)
        return try world.gather([UInt8](bytes), at: Rank.coordinator.value).map {
            try JSONDecoder().decode(Report.self, from: Data($0))
        }
    }

    private var plan: JobPlan {
        var configuration = JobConfiguration(
            dataset: DatasetSection(path: "simulated"),
            model: ModelSection(path: "simulated")
        )
        configuration.run.samples = sampleCount
        configuration.run.roundSeconds = roundSeconds
        return JobPlan(
            configuration: configuration,
            problems: (0..<problemCount).map {
                Problem(id: "p\($0)", statement: "\($0)?", answer: "\($0)")
            },
            datasetHash: "",
            promptText: "",
            order: nil
        )
    }
}

/// Attempts that sleep, and then are right.
private struct SimulatedAttempts: AttemptMaker {
    let job: SimulatedJob
    let whereabouts = Whereabouts()

    func run(
        _ task: EpisodeTask,
        problem: Problem,
        policy: Policy,
        from record: Episode?
    ) async throws -> Episode {
        let seconds = task.logNormalSeconds(median: job.medianSeconds, sigma: job.sigma)
        let start = Date.now.timeIntervalSince1970
        try await Task.sleep(for: .seconds(seconds))
        var builder = TrajectoryBuilder()
        builder.append(.prompt, ids: [1, 2, 3], text: problem.statement, wallSeconds: 0)
        builder.appendModelTurn(
            ids: [Int32](repeating: 7, count: job.tokenCount),
            logProbabilities: [Float](repeating: -0.5, count: job.tokenCount),
            text: "\\boxed{\(problem.answer)}",
            wallSeconds: seconds,
            stopReason: "stop"
        )
        return Episode(
            task: task,
            status: .completed,
            finish: .answer,
            trajectory: try builder.trajectory(),
            toolCalls: [],
            grade: Grade(
                outcome: .right,
                answer: problem.answer,
                canonicalAnswer: problem.answer,
                wallSeconds: 0
            ),
            reward: 1,
            seed: task.seed(runSeed: 0, turnIndex: 0),
            temperature: 1,
            retryCount: 0,
            cachedTokenCount: 0,
            times: Episode.Times(total: seconds, inference: seconds, startedAt: start)
        )
    }
}

extension EpisodeTask {
    /// A length that depends on the attempt alone, drawn from a log-normal distribution.
    package func logNormalSeconds(median: Double, sigma: Double) -> Double {
        // Box and Muller (1958); seeds have 63 bits, and 0 has no logarithm.
        let uniform = (0..<2).map {
            (Double(seed(runSeed: 11, turnIndex: $0)) + 1) / 0x1p63
        }
        let normal = (-2 * log(uniform[0])).squareRoot() * cos(2 * .pi * uniform[1])
        return median * exp(sigma * normal)
    }
}
