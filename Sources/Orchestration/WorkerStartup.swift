import Configuration
private import Foundation
import Inference
import Logging
import MPI
import RolloutModel

/// Starts a worker's services while all ranks watch each other: one that fails stops the rest.
struct WorkerStartup {
    /// How starting ended, the same on every rank.
    enum End {
        /// All workers are ready; nil on a rank that is no worker.
        case ready(WorkerServices?)
        /// The job is over before it began.
        case stopped(JobExit)
    }

    let plan: JobPlan
    let directory: RunDirectory
    let layout: RankLayout
    /// Rank of the adapters that the engines will be given; nil when there will be none.
    var adapterRank: Int?
    /// An engine that runs already and is the one wanted.
    var engine: Engine?
    /// Name under which the configuration's adapter is loaded once the engine runs; nil when the
    /// engine starts with it, or there is none.
    var adapterName: String?
    let watchdog: Watchdog
    let logger: Logger

    private static let lookInterval = 0.1
    private static let reportSeconds = 10.0

    /// Waits until every worker is ready, one has failed, or a signal asks to stop.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    func wait(world: borrowing Communicator, signals: StopSignals) throws -> End {
        let startup = layout.localIndex.map { localIndex in
            Startup { try await start(localIndex: localIndex) }
        }
        let begin = ContinuousClock.now
        var nextReport = Self.reportSeconds
        var hasReported = false
        while true {
            var isReady = layout.localIndex == nil
            var hasFailed = false
            switch startup?.outcome {
            case .success: isReady = true
            case .failure(let error):
                hasFailed = true
                // A cancelled start is another rank's failure, and that rank has told it.
                if !hasReported { Console.error("rank \(layout.rank): \(FileFailure.line(error))") }
                hasReported = true
            case nil: break
            }
            let counts = try world.agree(
                [isReady ? 1 : 0, hasFailed ? 1 : 0, signals.received == nil ? 0 : 1],
                by: .sum
            )
            watchdog.beat("engines start")
            if counts[1] > 0 || counts[2] > 0 {
                stop(startup)
                return .stopped(counts[1] > 0 ? .failed : .interrupted)
            }
            if Int(counts[0]) == layout.rankCount {
                guard case .success(let services)? = startup?.outcome else { return .ready(nil) }
                return .ready(services)
            }
            let elapsed = (ContinuousClock.now - begin).seconds
            if layout.rank == .coordinator, elapsed >= nextReport {
                let others = layout.rankCount - layout.workers.count
                Console.progress(
                    "starting engines: \(Int(counts[0]) - others) of \(layout.workers.count) ready "
                        + "after \(Int(elapsed)) s"
                )
                nextReport += Self.reportSeconds
            }
            Thread.sleep(forTimeInterval: Self.lookInterval)
        }
    }

    private func start(localIndex: Int) async throws -> WorkerServices {
        let workerIndex = layout.workers.firstIndex(of: layout.rank) ?? 0
        return try await WorkerServices.start(
            WorkerServices.Options(
                configuration: plan.configuration,
                directory: try directory.rankDirectory(layout.rank.value),
                workerIndex: workerIndex,
                localIndex: localIndex,
                localCount: layout.view.visible.count,
                binding: try GPUBinding.choose(
                    layout.view,
                    localIndex: localIndex,
                    tensorParallel: plan.configuration.engine.tensorParallel
                ),
                adapterRank: adapterRank,
                engine: engine,
                adapterName: adapterName,
                logger: logger
            )
        )
    }

    /// Ends what has started, and what is starting.
    private func stop(_ startup: Startup<WorkerServices>?) {
        guard let startup else { return }
        startup.cancel()
        while startup.outcome == nil { Thread.sleep(forTimeInterval: 0.01) }
        if case .success(let services)? = startup.outcome {
            BlockingTask.value { await services.stop() }
        }
    }
}
