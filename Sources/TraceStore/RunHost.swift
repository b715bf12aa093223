/// A node that ranks of a run were on.
public struct RunHost: Hashable, Sendable {
    /// Its name, as MPI gives it.
    public let name: String
    /// Ranks on it.
    public let rankCount: Int
    /// Processors that this job may use there.
    public let coreCount: Int
    /// Main memory, bytes.
    public let memoryBytes: Int
    /// The GPUs that its ranks see, separated by commas; empty without any.
    public let gpus: String
    /// Operating system and kernel.
    public let system: String

    /// A node.
    public init(
        name: String,
        rankCount: Int,
        coreCount: Int,
        memoryBytes: Int,
        gpus: String,
        system: String
    ) {
        self.name = name
        self.rankCount = rankCount
        self.coreCount = coreCount
        self.memoryBytes = memoryBytes
        self.gpus = gpus
        self.system = system
    }
}
