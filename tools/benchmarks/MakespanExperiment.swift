import Orchestration
import RolloutModel

/// A whole run in simulated time: the real coordinator, workers with a bound on what they have under
/// way, attempts of log-normal length.
enum MakespanExperiment: Experiment {
    static let name = "makespan"
    static let question = "How much later than with the best list schedule does a run end?"

    /// Fewest attempts a place where the coordinator has anything to decide: with fewer, the longest
    /// attempt alone is the makespan.
    private static let shape = (workers: 8, slots: 16, problems: 500, samples: 16)

    static func figures(_ scale: Scale) throws -> [Figure] {
        // Every draw is another run; the figures are means over them.
        let drawCount = scale == .quick ? 5 : 30
        let draws = (0..<drawCount).map { Draw(index: $0, shape.problems, shape.samples) }
        func mean(_ makespan: (Draw) throws -> Double) rethrows -> Double {
            try draws.map(makespan).reduce(0, +) / Double(drawCount)
        }
        let places = shape.workers * shape.slots
        let unsorted = try mean { try simulated($0, order: nil) }
        let sorted = try mean { try simulated($0, order: $0.longestFirst) }
        let oneQueue = mean { listSchedule($0.lengths(inOrder: nil), places: places) }
        let oneSortedQueue = mean {
            listSchedule($0.lengths(inOrder: $0.longestFirst), places: places)
        }
        let best = mean { listSchedule($0.allLengths.sorted(by: >), places: places) }
        return [
            Figure(
                "makespan, nothing known of lengths",
                unsorted,
                "s",
                against: "list schedule in the same order",
                oneQueue,
                .atMost(1.05)
            ),
            Figure(
                "makespan, problems with long outputs first",
                sorted,
                "s",
                against: "list schedule in the same order",
                oneSortedQueue,
                .atMost(1.05)
            ),
            Figure(
                "makespan, problems with long outputs first",
                sorted,
                "s",
                against: "longest first, every length known",
                best,
                .atMost(1.05)
            ),
            Figure(
                "makespan, nothing known of lengths",
                unsorted,
                "s",
                against: "longest first, every length known",
                best
            ),
        ]
    }

    /// The lengths of one run.
    private struct Draw {
        /// Length of each problem's samples, seconds.
        let lengths: [[Double]]

        init(index: Int, _ problemCount: Int, _ sampleCount: Int) {
            lengths = (0..<problemCount).map { problem in
                // Half of the variance of the logarithm is the problem's: sigma is 1 in all.
                let part = 0.5.squareRoot()
                let own = Draw.task(problem + index * 10_000, sampleCount)
                    .logNormalSeconds(median: 1, sigma: part)
                return (0..<sampleCount).map {
                    own
                        * Draw.task(problem + index * 10_000, $0)
                        .logNormalSeconds(median: 1, sigma: part)
                }
            }
        }

        var allLengths: [Double] { lengths.flatMap { $0 } }

        /// Problems by the mean of their samples: what an earlier run tells.
        var longestFirst: [Int] {
            let means = lengths.map { $0.reduce(0, +) }
            return means.indices.sorted { means[$0] > means[$1] }
        }

        func lengths(inOrder order: [Int]?) -> [Double] {
            (order ?? Array(lengths.indices)).flatMap { lengths[$0] }
        }

        subscript(task: EpisodeTask) -> Double { lengths[task.problem.value][task.sample.value] }

        private static func task(_ problem: Int, _ sample: Int) -> EpisodeTask {
            EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample))
        }
    }

    /// When the last of `lengths` ends, each begun in turn at the place that is free first.
    private static func listSchedule(_ lengths: [Double], places: Int) -> Double {
        var events = EventQueue()
        for place in 0..<places { events.add(at: 0, place) }
        var end = 0.0
        for length in lengths {
            guard let next = events.next() else { preconditionFailure("there are places") }
            end = max(end, next.time + length)
            events.add(at: next.time + length, next.worker)
        }
        return end
    }

    /// When a run of the coordinator ends; messages take no time.
    private static func simulated(_ draw: Draw, order: [Int]?) throws -> Double {
        let workers = (1...shape.workers).map { Rank($0) }
        var coordinator = Coordinator(
            problemCount: shape.problems,
            sampleCount: shape.samples,
            done: [],
            workers: workers,
            order: order
        )
        var sites = Dictionary(uniqueKeysWithValues: workers.map { ($0, Site()) })
        var events = EventQueue()
        var now = 0.0
        func tell(_ message: WorkerMessage, _ worker: Rank) throws {
            for answer in try coordinator.handle(message, from: worker) {
                guard case .work(let shards) = answer.message else { continue }
                sites[answer.worker, default: Site()].queue += shards.flatMap(\.tasks)
                sites[answer.worker, default: Site()].hasAsked = false
                try begin(answer.worker)
            }
        }
        /// What the worker's gate and desk do: begin what there is room for, then ask for more.
        func begin(_ worker: Rank) throws {
            var site = sites[worker, default: Site()]
            while site.running.count < shape.slots, !site.queue.isEmpty {
                let task = site.queue.removeFirst()
                site.running.insert(task)
                events.add(at: now + draw[task], worker.value, task)
            }
            let freeSlots = shape.slots - site.running.count - site.queue.count
            let asks = !site.hasAsked && freeSlots > 0
            if asks { site.hasAsked = true }
            sites[worker] = site
            if asks { try tell(.request(freeSlots: freeSlots), worker) }
        }
        for worker in workers { try begin(worker) }
        while let event = events.next() {
            now = event.time
            let worker = Rank(event.worker)
            guard let task = event.task else { continue }
            sites[worker]?.running.remove(task)
            try tell(.outcomes([outcome(of: task)]), worker)
            try begin(worker)
        }
        precondition(coordinator.isComplete, "every attempt was made")
        return now
    }

    /// What one worker has.
    private struct Site {
        var running: Set<EpisodeTask> = []
        var queue: [EpisodeTask] = []
        var hasAsked = false
    }

    private static func outcome(of task: EpisodeTask) -> EpisodeOutcome {
        EpisodeOutcome(
            task: task,
            status: .completed,
            finish: .answer,
            outcome: .right,
            voteKey: "",
            outputTokenCount: 1,
            toolCallCount: 0
        )
    }
}

/// What happens next, in simulated time: a binary heap.
private struct EventQueue {
    struct Event {
        let time: Double
        let worker: Int
        var task: EpisodeTask?
    }

    private var heap: [Event] = []

    mutating func add(at time: Double, _ worker: Int, _ task: EpisodeTask? = nil) {
        heap.append(Event(time: time, worker: worker, task: task))
        var child = heap.count - 1
        while child > 0, heap[child].time < heap[(child - 1) / 2].time {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func next() -> Event? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { heap[$0].time < heap[$1].time }),
                heap[least].time < heap[parent].time
            else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
