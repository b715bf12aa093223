internal import CMPIShim
import Glibc

/// MPI in this process, from MPI_Init_thread to MPI_Finalize.
///
/// Owned by the main thread, which alone may talk to MPI. Works without a launcher too: the process
/// is then the only rank. When it goes away without ``finalize()`` (an error on the way), nothing is
/// finalized, and the launcher ends the other ranks when the process exits.
public struct MPIRuntime: ~Copyable {
    /// All ranks of the job.
    public let world: Communicator

    /// Starts MPI.
    ///
    /// Chooses ROMIO for parallel files unless `OMPI_MCA_io` says otherwise: Open MPI's own OMPIO is
    /// known to hang under parallel HDF5.
    ///
    /// - Important: Collective over the job; every rank calls it once, on its main thread.
    /// - Throws: ``MPIError`` when MPI does not start or lacks thread support.
    public init() throws {
        precondition(cmpi_gettid() == getpid(), "MPI belongs to the process's main thread")
        precondition(!Self.isActive, "a process starts MPI once")
        unsafe setenv("OMPI_MCA_io", "^ompio", 0)
        // A process without a launcher needs no daemon beside it: it never spawns ranks.
        unsafe setenv("OMPI_MCA_ess_singleton_isolated", "1", 0)
        OwnerThread.claim()
        var provided: Int32 = 0
        try checked("MPI_Init_thread", rank: nil) {
            unsafe cmpi_init_thread(cmpi_thread_funneled(), &provided)
        }
        guard provided >= cmpi_thread_funneled() else {
            throw MPIError.threadLevel(provided: Int(provided))
        }
        world = try Communicator(cmpi_comm_world(), isWorld: true)
    }

    /// Whether MPI runs in this process: started and not finalized.
    public static var isActive: Bool {
        var isInitialized: Int32 = 0
        var isFinalized: Int32 = 0
        _ = unsafe cmpi_initialized(&isInitialized)
        _ = unsafe cmpi_finalized(&isFinalized)
        return isInitialized != 0 && isFinalized == 0
    }

    /// Ends MPI, after the messages still on their way have left.
    ///
    /// When a collective file was abandoned after a failure, the ranks wait for each other and leave MPI
    /// as it is: the process ends soon, with a status that says that it failed.
    ///
    /// - Important: Collective over world; every rank calls it.
    /// - Throws: ``MPIError/undelivered(messageCount:rank:)`` when messages are not received within
    ///   ten seconds; the caller then aborts.
    public consuming func finalize() throws {
        try world.drain(for: .seconds(10))
        guard !OwnerThread.hasAbandonedFile.load(ordering: .relaxed) else {
            try world.barrier()
            return
        }
        try checked("MPI_Finalize", rank: world.rank) { cmpi_finalize() }
        OwnerThread.release()
    }

    /// Ends every rank of the job at once, from any thread, with `code` as the exit status.
    public static func abort(code: Int32) -> Never {
        if isActive { _ = cmpi_abort(cmpi_comm_world(), code) }
        exit(code)
    }
}
