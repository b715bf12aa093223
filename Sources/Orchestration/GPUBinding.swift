// Which GPUs a worker's engine gets. Slurm, or the user's own wrapper, says what a rank may see
// through CUDA_VISIBLE_DEVICES; that is respected and never renumbered.

/// The GPUs of one worker's engine.
enum GPUBinding: Hashable, Sendable {
    /// No GPU on this node: the engine runs on the CPU.
    case cpu
    /// The rank sees its own GPUs only: the variable is right as it is.
    case inherited
    /// These entries of the list that the workers of the node share.
    case devices([String])

    /// A node has fewer GPUs than its workers need.
    struct TooFewGPUs: Error, Hashable, CustomStringConvertible {
        let node: String
        let availableCount: Int
        let workerCount: Int
        let tensorParallel: Int

        var description: String {
            "node \(node): \(workerCount) workers with \(tensorParallel) GPU each, but only "
                + "\(availableCount) in sight; start fewer ranks on a node, ask Slurm for more "
                + "GPUs, or lower engine.tensor_parallel"
        }
    }

    /// What the workers of one node can see.
    struct NodeView: Hashable, Sendable {
        /// The node's name, for messages.
        var node: String
        /// CUDA_VISIBLE_DEVICES of each worker of the node, by local worker index; nil: not set.
        var visible: [String?]
        /// GPUs of the node, as the driver counts them.
        var installedCount: Int
        /// Whether srun started the ranks: then equal lists may still be different GPUs, because
        /// cgroups number each task's from 0.
        var isStartedBySlurm: Bool
    }

    /// The binding of worker `localIndex` of the node.
    ///
    /// A list that fits one engine is a binding when the workers' lists differ, when there is only
    /// one worker, or when srun made them. Otherwise the workers share one list, and each takes its
    /// part of it.
    ///
    /// - Throws: ``TooFewGPUs`` when the parts would overlap or a list is too short.
    static func choose(
        _ view: NodeView,
        localIndex: Int,
        tensorParallel: Int
    ) throws(TooFewGPUs) -> GPUBinding {
        let lists = view.visible.map { list in
            list.map { $0.split(separator: ",").map(String.init) }
                ?? (0..<view.installedCount).map(String.init)
        }
        let own = lists[localIndex]
        guard !own.isEmpty else { return .cpu }
        let isOwn = Set(lists).count > 1 || lists.count == 1 || view.isStartedBySlurm
        if own.count == tensorParallel, isOwn, view.visible[localIndex] != nil {
            return .inherited
        }
        guard own.count >= lists.count * tensorParallel else {
            throw TooFewGPUs(
                node: view.node,
                availableCount: own.count,
                workerCount: lists.count,
                tensorParallel: tensorParallel
            )
        }
        let start = localIndex * tensorParallel
        return .devices(Array(own[start..<start + tensorParallel]))
    }

    /// What CUDA_VISIBLE_DEVICES of the engine becomes; nil leaves it as it is.
    var visibleDevices: [String]? {
        switch self {
        case .cpu, .inherited: nil
        case .devices(let entries): entries
        }
    }
}
