import Inference
import RolloutModel
import Sandbox
private import Synchronization

/// A worker as its main thread sees it: what to send, what came in.
final class WorkerDesk: Sendable {
    /// What the worker wants sent now.
    struct Delivery {
        var episodes: [Episode] = []
        var messages: [WorkerMessage] = []
        /// Why it will make no more attempts; only once.
        var loss: String?
    }

    private struct State {
        var hasAsked = false
        var isRetired = false
        var root: Task<Void, Never>?
        var watch: Task<Void, Never>?
        var toldRestartCount = 0
        var policy: ConcurrencyPolicy?
        /// What there is of attempts that went back: of use to the next job, should this one end before
        /// others have made them.
        var records: [Episode] = []
    }

    private let rank: Rank
    private let worker: Worker
    private let engine: Engine?
    /// Of an engine that an evaluation before this one had.
    private let earlierRestartCount: Int
    private let executor: (any TaskExecutor)?
    private let state = Mutex(State())

    private static let watchInterval = Duration.seconds(1)

    /// A desk for `worker`; with a `policy` its concurrency follows the engine's load.
    ///
    /// Its tasks run on `executor`, or anywhere. Only a simulated worker has no engine.
    init(
        rank: Rank,
        worker: Worker,
        engine: Engine?,
        policy: ConcurrencyPolicy?,
        executor: (any TaskExecutor)? = nil
    ) {
        self.rank = rank
        self.worker = worker
        self.engine = engine
        earlierRestartCount = engine?.restartCount ?? 0
        self.executor = executor
        state.withLock { $0.policy = policy }
    }

    /// Restarts of the engine since this desk was made.
    var engineRestartCount: Int { (engine?.restartCount ?? 0) - earlierRestartCount }

    /// Attempts being made now.
    var inFlightCount: Int { worker.inFlightCount }

    /// Rings when an attempt is over or there may be free places; what else is to be told can wait for
    /// the next look.
    var bell: Bell { worker.bell }

    /// One line: which attempts wait for what.
    var report: String {
        "\(worker.whereabouts.summary()); engine restarts: \(engineRestartCount)"
    }

    /// Starts the root task.
    func open() {
        state.withLock { state in
            state.root = Task(executorPreference: executor) { [worker] in
                await worker.run()
            }
            if let engine, state.policy != nil {
                state.watch = Task { [self] in await watch(engine) }
            }
        }
    }

    /// Adapts the concurrency to the engine's load again and again.
    private func watch(_ engine: Engine) async {
        while !Task.isCancelled {
            await adapt(toLoadOf: engine)
            do {
                try await Task.sleep(for: Self.watchInterval)
            } catch {
                return
            }
        }
    }

    private func adapt(toLoadOf engine: Engine) async {
        let load: EngineMetrics
        do {
            load = try await engine.metrics()
        } catch {
            // An engine that is being restarted has no metrics; the next look will have.
            return
        }
        let limit = state.withLock { state in
            state.policy?.observe(load, runningCount: worker.inFlightCount)
            return state.policy?.limit
        }
        guard let limit else { return }
        worker.gate.setLimit(limit)
        bell.ring()
    }

    /// Takes what came out of the worker, and asks for work when it has room.
    func collect() -> Delivery {
        let content = worker.outbox.takeAll()
        let restartCount = engineRestartCount
        var delivery = Delivery(episodes: content.episodes)
        if !content.episodes.isEmpty {
            delivery.messages.append(.outcomes(content.episodes.map(EpisodeOutcome.init)))
        }
        state.withLock { state in
            state.records += content.records
            if restartCount != state.toldRestartCount {
                state.toldRestartCount = restartCount
                delivery.messages.append(.restarted(count: restartCount))
            }
            if content.loss != nil || (state.isRetired && !content.unfinished.isEmpty) {
                if !state.isRetired { delivery.loss = content.loss }
                state.isRetired = true
                delivery.messages.append(
                    .retired(unfinished: content.unfinished + worker.inbox.close())
                )
            }
            guard !state.isRetired, !state.hasAsked else { return }
            let freeSlots = worker.freeSlots
            guard freeSlots > 0 else { return }
            state.hasAsked = true
            delivery.messages.append(.request(freeSlots: freeSlots))
        }
        return delivery
    }

    /// What the worker has not begun, to be given back: it would not end in time.
    func hold() -> WorkerMessage? {
        let tasks = worker.inbox.takeBack()
        return tasks.isEmpty ? nil : .returned(tasks)
    }

    /// Takes work in, or gives it straight back when the worker can do no more.
    ///
    /// - Parameters:
    ///   - message: from the coordinator.
    ///   - record: what an earlier job has of an attempt.
    func receive(_ message: CoordinatorMessage, record: (EpisodeTask) -> Episode?) {
        guard case .work(let shards) = message else { return }
        let tasks = shards.flatMap(\.tasks)
        let isRetired = state.withLock { state in
            state.hasAsked = false
            return state.isRetired
        }
        if isRetired {
            for task in tasks { worker.outbox.put(unfinished: task, loss: "the worker is retired") }
        } else {
            worker.inbox.put(tasks.map { Assignment(task: $0, record: record($0)) })
        }
        // There may be places for more, which only a look asks for.
        bell.ring()
    }

    /// Cuts off the attempts that still go on, and waits for that.
    ///
    /// - Returns: episodes that ended meanwhile, and what there is of the others.
    func close() -> (episodes: [Episode], records: [Episode]) {
        _ = worker.inbox.close()
        worker.gate.open()
        state.withLock { $0.watch.take() }?.cancel()
        if let root = state.withLock({ $0.root.take() }) {
            root.cancel()
            BlockingTask.value { await root.value }
        }
        let content = worker.outbox.takeAll()
        let earlier = state.withLock { $0.records }
        return (content.episodes, earlier + content.records)
    }

    /// Drops what there is of attempts that went back, for all have been made.
    func forgetRecords() { state.withLock { $0.records = [] } }
}
