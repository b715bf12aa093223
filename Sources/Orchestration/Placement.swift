// How a job was started, looked at before it costs anything: what cannot be meant ends it, what is
// only odd gets a line.

private import Foundation
import MPI
import RolloutModel

/// What each rank says of its start, together on rank 0.
struct Placement: Hashable, Sendable {
    /// One rank.
    struct Entry: Hashable, Sendable {
        var node: String
        /// Seconds since 1970 when all ranks looked at their clocks.
        var clock: Double
        /// GPUs that this node's workers see and do not use; told by the first of them.
        var idleGPUCount: Int
        var isWorker: Bool
    }

    /// The ranks, in order.
    var entries: [Entry]

    /// Clocks that differ by less are as good as equal: a rank may look that much later.
    static let clockTolerance = 2.0

    /// Says on rank 0 what is odd about how the ranks were started.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    static func tell(
        _ layout: RankLayout,
        _ plan: JobPlan,
        attemptCount: Int,
        world: borrowing Communicator
    ) throws {
        let placement = try Placement(
            layout: layout,
            tensorParallel: plan.configuration.engine.tensorParallel,
            world: world
        )
        for note in placement.notes(attemptCount: attemptCount) { Console.progress(note) }
    }

    /// Every rank's entry, on rank 0; nothing elsewhere.
    ///
    /// - Important: Collective over `world`; every rank calls it.
    init(layout: RankLayout, tensorParallel: Int, world: borrowing Communicator) throws {
        let isFirst = layout.localIndex == 0
        try world.barrier()
        var own = ByteWriter()
        own.write(layout.view.node)
        // Milliseconds are enough.
        own.write(Int(Date.now.timeIntervalSince1970 * 1000))
        own.write(isFirst ? layout.view.idleCount(tensorParallel: tensorParallel) : 0)
        own.write(layout.isWorker ? 1 as UInt8 : 0)
        entries = try world.gather(own.bytes, at: Rank.coordinator.value).map { bytes in
            var reader = ByteReader(bytes)
            return Entry(
                node: try reader.text(),
                clock: Double(try reader.integer()) / 1000,
                idleGPUCount: try reader.integer(),
                isWorker: try reader.byte() == 1
            )
        }
    }

    init(entries: [Entry]) { self.entries = entries }

    /// A line for each thing that is odd and costs no result; `attemptCount` are still to be made.
    func notes(attemptCount: Int) -> [String] {
        idleGPUNotes + clockNotes + idleWorkerNotes(attemptCount)
    }

    private var idleGPUNotes: [String] {
        let counts = Dictionary(
            grouping: entries.filter { $0.idleGPUCount > 0 },
            by: \.idleGPUCount
        )
        return counts.sorted { $0.key < $1.key }.map { count, entries in
            "\(Self.nodes(entries.map(\.node))): \(count) GPUs in sight of the workers are not used; "
                + "start more ranks there (one a GPU, and rank 0), or raise engine.tensor_parallel"
        }
    }

    private var clockNotes: [String] {
        guard let first = entries.first else { return [] }
        var seen: Set<String> = [first.node]
        return entries.compactMap { entry in
            let ahead = entry.clock - first.clock
            guard abs(ahead) >= Self.clockTolerance, seen.insert(entry.node).inserted else {
                return nil
            }
            return "node \(entry.node): its clock is \(Int(abs(ahead).rounded())) s "
                + (ahead > 0 ? "ahead of" : "behind") + " that of rank 0 on \(first.node); results "
                + "are not touched, but the times of its attempts are off by that: set the clocks"
        }
    }

    private func idleWorkerNotes(_ attemptCount: Int) -> [String] {
        let workerCount = entries.count(where: \.isWorker)
        guard attemptCount > 0, attemptCount < workerCount else { return [] }
        return [
            "\(workerCount) workers for \(attemptCount) attempts: "
                + "\(workerCount - attemptCount) of them will have nothing to do"
        ]
    }

    /// Few names as they are, many by their number.
    private static func nodes(_ names: [String]) -> String {
        let shown = names.prefix(4).joined(separator: ", ")
        return (names.count == 1 ? "node " : "nodes ") + shown
            + (names.count > 4 ? " and \(names.count - 4) more" : "")
    }
}

extension GPUBinding.NodeView {
    /// GPUs that the node's workers see and none of them takes.
    func idleCount(tensorParallel: Int) -> Int {
        let lists = visible.map { list in
            list.map { $0.split(separator: ",").map(String.init) }
                ?? (0..<installedCount).map(String.init)
        }
        guard let own = lists.first else { return 0 }
        // Under srun equal lists of the right length are different GPUs, each its rank's own.
        let areBound =
            Set(lists).count > 1
            || isStartedBySlurm && visible[0] != nil && own.count == tensorParallel
        let inSight = areBound ? lists.reduce(0) { $0 + $1.count } : own.count
        return max(0, inSight - lists.count * tensorParallel)
    }
}
