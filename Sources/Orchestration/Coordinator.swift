// Rank 0's side of the run as a pure state machine: messages in, messages out, no MPI, no clock.
//
// The law it keeps: every (problem, sample) is with exactly one of `pending`, one worker, `done`.

import DequeModule
package import RolloutModel

/// Hands out attempts on demand and gathers their outcomes.
package struct Coordinator: Sendable {
    /// A message and whom it is for.
    package struct Outgoing: Hashable, Sendable {
        package let worker: Rank
        package let message: CoordinatorMessage
    }

    /// A worker said something that breaks the law above.
    package enum Violation: Error, Hashable, CustomStringConvertible {
        case unknownWorker(Rank)
        case notHandedOut(EpisodeTask, worker: Rank)

        package var description: String {
            switch self {
            case .unknownWorker(let rank): "rank \(rank) is not a worker of this run"
            case .notHandedOut(let task, let worker):
                "rank \(worker) returned problem \(task.problem), sample \(task.sample), "
                    + "which it does not hold"
            }
        }
    }

    /// Samples of one problem that nobody has yet.
    private struct PendingGroup: Hashable {
        let problem: Int
        let samples: Range<Int>
    }

    /// Outcomes so far, those of earlier runs included.
    package private(set) var outcomes: [EpisodeOutcome]
    /// Attempts of the whole run, or in training of the step.
    package private(set) var taskCount: Int
    /// Attempts with an outcome when this job began.
    package let doneAtStart: Int
    /// No work is handed out any more: what is begun now would not end in time.
    package var isHolding = false
    /// Workers that still ask for work.
    package private(set) var activeWorkers: Set<Rank>

    private let sampleCount: Int
    private let shardProblems: Int
    private var pending: Deque<PendingGroup>
    private var pendingCount: Int
    private var held: [Rank: Set<EpisodeTask>]
    private var waiting: [Rank: Int] = [:]
    private var restartCounts: [Rank: Int] = [:]

    /// A run of `problemCount * sampleCount` attempts, less those `done` before.
    ///
    /// The `workers` are the ranks that will ask for work. A shard has `shardProblems` problems; 0
    /// lets the size shrink towards the end. Problems are begun in the given `order`, which names
    /// each once; nil is the order of the data set.
    package init(
        problemCount: Int,
        sampleCount: Int,
        done: [EpisodeOutcome],
        workers: [Rank],
        shardProblems: Int = 0,
        order: [Int]? = nil
    ) {
        self.sampleCount = sampleCount
        self.shardProblems = shardProblems
        taskCount = problemCount * sampleCount
        activeWorkers = Set(workers)
        held = Dictionary(uniqueKeysWithValues: workers.map { ($0, []) })
        let known = done.filter {
            $0.task.problem.value < problemCount && $0.task.sample.value < sampleCount
        }
        outcomes = known
        doneAtStart = known.count
        let finished = Set(known.map(\.task))
        pending = []
        pendingCount = 0
        for problem in order ?? Array(0..<problemCount) {
            let missing = (0..<sampleCount).filter { sample in
                !finished.contains(Self.task(problem, sample))
            }
            putBack(problem: problem, samples: missing)
        }
    }

    /// Adds attempts at a problem; training does so step by step.
    ///
    /// The answers to workers that wait for work are to be sent.
    package mutating func add(_ groups: [(problem: Int, samples: Range<Int>)]) -> [Outgoing] {
        for group in groups {
            putBack(problem: group.problem, samples: Array(group.samples))
            taskCount += group.samples.count
        }
        return grants()
    }

    /// The outcomes so far, which then count no more, as their attempts do not.
    package mutating func takeOutcomes() -> [EpisodeOutcome] {
        defer {
            taskCount -= outcomes.count
            outcomes = []
        }
        return outcomes
    }

    /// Whether every attempt has its outcome.
    package var isComplete: Bool { outcomes.count == taskCount }

    /// Whether attempts are left that nobody can make.
    ///
    /// What a retired worker still holds may end without its engine: it waits for a grader, say.
    package var isStuck: Bool { activeWorkers.isEmpty && heldCount == 0 && !isComplete }

    /// Attempts that workers hold now.
    package var heldCount: Int { held.values.reduce(0) { $0 + $1.count } }

    /// Takes one message; the answers, if any, are to be sent.
    ///
    /// - Throws: ``Violation`` when a worker returns what it does not hold.
    package mutating func handle(_ message: WorkerMessage, from worker: Rank) throws -> [Outgoing] {
        guard held[worker] != nil else { throw Violation.unknownWorker(worker) }
        switch message {
        case .request(let freeSlots):
            waiting[worker] = freeSlots
        case .outcomes(let finished):
            for outcome in finished {
                guard held[worker]?.remove(outcome.task) != nil else {
                    throw Violation.notHandedOut(outcome.task, worker: worker)
                }
                outcomes.append(outcome)
            }
        case .returned(let tasks):
            waiting[worker] = nil
            try takeBack(tasks, from: worker)
        case .restarted(let count):
            restartCounts[worker] = count
        case .retired(let unfinished):
            activeWorkers.remove(worker)
            waiting[worker] = nil
            try takeBack(unfinished, from: worker)
        }
        return grants()
    }

    /// Engine restarts in this job, all workers together.
    package var restartCount: Int { restartCounts.values.reduce(0, +) }

    private mutating func takeBack(_ tasks: [EpisodeTask], from worker: Rank) throws {
        let byProblem = Dictionary(grouping: tasks.sorted(), by: \.problem)
        for (problem, tasks) in byProblem.sorted(by: { $0.key < $1.key }) {
            for task in tasks where held[worker]?.remove(task) == nil {
                throw Violation.notHandedOut(task, worker: worker)
            }
            putBack(problem: problem.value, samples: tasks.map(\.sample.value))
        }
    }

    /// Gives work to whoever waits, while there is any.
    private mutating func grants() -> [Outgoing] {
        guard !isHolding, !pending.isEmpty else { return [] }
        var outgoing: [Outgoing] = []
        for (worker, freeSlots) in waiting.sorted(by: { $0.key < $1.key })
        where !pending.isEmpty && freeSlots > 0 {
            let shards = take(upTo: grantSize(freeSlots: freeSlots))
            held[worker]?.formUnion(shards.flatMap(\.tasks))
            waiting[worker] = nil
            outgoing.append(Outgoing(worker: worker, message: .work(shards)))
        }
        return outgoing
    }

    /// How many attempts one worker gets: guided self-scheduling (Polychronopoulos and Kuck, 1987).
    ///
    /// Each grant is at most half of a fair share of what is left, so that shards shrink towards
    /// the end and the slowest worker holds little when the others run dry. While there is plenty,
    /// a problem's samples stay together; at the tail they are split.
    private func grantSize(freeSlots: Int) -> Int {
        if shardProblems > 0 { return shardProblems * sampleCount }
        let workers = max(activeWorkers.count, 1)
        let share = (pendingCount + 2 * workers - 1) / (2 * workers)
        let isTail = pendingCount <= 2 * workers * sampleCount
        return max(
            1,
            min(isTail ? share : max(share, sampleCount), max(freeSlots, isTail ? 1 : sampleCount))
        )
    }

    private mutating func take(upTo limit: Int) -> [Shard] {
        var left = limit
        var shards: [Shard] = []
        while left > 0, let group = pending.popFirst() {
            let count = min(left, group.samples.count)
            let samples = group.samples.prefix(count)
            if count < group.samples.count {
                pending.prepend(
                    PendingGroup(
                        problem: group.problem,
                        samples: group.samples.dropFirst(count)
                    )
                )
            }
            if let last = shards.last, last.samples == samples,
                last.problems.upperBound == group.problem
            {
                shards[shards.count - 1] = Shard(
                    problems: last.problems.lowerBound..<group.problem + 1,
                    samples: samples
                )
            } else {
                shards.append(
                    Shard(problems: group.problem..<group.problem + 1, samples: samples)
                )
            }
            left -= count
        }
        pendingCount -= limit - left
        return shards
    }

    /// Adds attempts nobody has, as runs of consecutive samples.
    private mutating func putBack(problem: Int, samples: [Int]) {
        var start: Int?
        for (index, sample) in samples.enumerated() {
            if start == nil { start = sample }
            let isLast = index + 1 == samples.count || samples[index + 1] != sample + 1
            if isLast, let first = start {
                pending.append(PendingGroup(problem: problem, samples: first..<sample + 1))
                start = nil
            }
        }
        pendingCount += samples.count
    }

    private static func task(_ problem: Int, _ sample: Int) -> EpisodeTask {
        EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample))
    }
}
