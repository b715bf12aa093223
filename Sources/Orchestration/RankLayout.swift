// Which rank does what, and which GPUs a worker has. Local indices come from MPI: under mpirun
// Slurm's variables are those of the launching daemon.

private import Foundation
import MPI
import RolloutModel

/// This rank's place among the others.
struct RankLayout: Sendable {
    /// This rank.
    let rank: Rank
    /// Ranks of the job.
    let rankCount: Int
    /// Ranks that make attempts: all but rank 0, or rank 0 alone.
    let workers: [Rank]
    /// What the workers of this node see; empty lists on a rank that is no worker.
    let view: GPUBinding.NodeView
    /// Zero-based index among the workers of this node; nil when this rank is none.
    let localIndex: Int?

    /// Whether this rank makes attempts.
    var isWorker: Bool { localIndex != nil }

    /// - Important: Collective over `world`; every rank calls it.
    init(world: borrowing Communicator) throws {
        rank = Rank(world.rank)
        rankCount = world.size
        workers = world.size == 1 ? [.coordinator] : (1..<world.size).map { Rank($0) }
        let environment = ProcessInfo.processInfo.environment
        let visible = environment["CUDA_VISIBLE_DEVICES"]
        let isWorker = workers.contains(rank)

        let node = try world.splitShared()
        var own = ByteWriter()
        own.write(isWorker ? 1 as UInt8 : 0)
        own.write(visible == nil ? 0 as UInt8 : 1)
        own.write(visible ?? "")
        let gathered = try node.gather(own.bytes, at: 0)
        var joined = ByteWriter()
        joined.write(list: gathered) { writer, bytes in
            for byte in bytes { writer.write(byte) }
        }
        let all = try node.broadcast(joined.bytes, from: 0)
        var reader = ByteReader(all)
        let ranks = try reader.list { reader in
            let isWorker = try reader.byte() == 1
            let isSet = try reader.byte() == 1
            let text = try reader.text()
            return (isWorker: isWorker, visible: isSet ? text : nil)
        }
        localIndex = isWorker ? ranks[..<node.rank].count(where: \.isWorker) : nil
        view = GPUBinding.NodeView(
            node: node.nodeName,
            visible: ranks.filter(\.isWorker).map(\.visible),
            installedCount: Self.installedGPUCount(),
            isStartedBySlurm: environment["SLURM_PROCID"] != nil
                && environment["OMPI_COMM_WORLD_SIZE"] == nil
        )
        try node.close()
    }

    /// GPUs of this node: the driver makes one device file for each.
    private static func installedGPUCount() -> Int {
        var count = 0
        while FileManager.default.fileExists(atPath: "/dev/nvidia\(count)") { count += 1 }
        return count
    }
}
