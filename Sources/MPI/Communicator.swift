package import CMPIShim

/// A set of ranks that talk to each other.
///
/// Not copyable: it is lent (`borrowing`) to named functions on the main thread, so that no task can
/// capture it. A communicator made by a split is owned, and closed by ``close()``.
public struct Communicator: ~Copyable {
    /// This process's place, `0..<size`.
    public let rank: Int
    /// Number of processes, at least 1.
    public let size: Int
    /// Name of the node this process runs on, as MPI gives it.
    public let nodeName: String

    /// MPI's handle, for the HDF5 binding.
    package let handle: cmpi_comm
    let isWorld: Bool
    let pendingSends = PendingSends()

    init(_ handle: cmpi_comm, isWorld: Bool) throws {
        var rank: Int32 = 0
        var size: Int32 = 0
        try checked("MPI_Comm_set_errhandler", rank: nil) {
            cmpi_comm_set_errhandler(handle, cmpi_errors_return())
        }
        try checked("MPI_Comm_rank", rank: nil) { unsafe cmpi_comm_rank(handle, &rank) }
        try checked("MPI_Comm_size", rank: nil) { unsafe cmpi_comm_size(handle, &size) }
        let name = unsafe text(capacity: Int(cmpi_max_processor_name())) {
            unsafe cmpi_get_processor_name($0, $1)
        }
        guard let name else {
            throw MPIError.call(
                operation: "MPI_Get_processor_name",
                message: "no name",
                rank: Int(rank)
            )
        }
        self.handle = handle
        self.isWorld = isWorld
        self.rank = Int(rank)
        self.size = Int(size)
        nodeName = name
    }

    /// The ranks of this communicator that share memory with this one: its node.
    ///
    /// The rank in the result is the node-local rank; Slurm's variables are not trusted for it.
    ///
    /// - Important: Collective; every rank of this communicator calls it.
    /// - Returns: an owned communicator, in the order of ranks here.
    public borrowing func splitShared() throws -> Communicator {
        var split = cmpi_comm(value: 0)
        let parent = handle
        try checked("MPI_Comm_split_type", rank: rank) {
            unsafe cmpi_comm_split_type(
                parent,
                cmpi_comm_type_shared(),
                0,
                cmpi_info_null(),
                &split
            )
        }
        return try Communicator(split, isWorld: false)
    }

    /// Frees a communicator made by a split, after its messages have left.
    ///
    /// - Important: Collective; every rank of this communicator calls it.
    public consuming func close() throws {
        precondition(!isWorld, "the world communicator is closed by MPIRuntime.finalize()")
        try drain(for: .seconds(10))
        var handle = handle
        try checked("MPI_Comm_free", rank: rank) { unsafe cmpi_comm_free(&handle) }
    }
}
