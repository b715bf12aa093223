/// Why MPI could not do what was asked.
///
/// After any of these the communicator's state is unknown: the job ends through
/// ``MPIRuntime/abort(code:)``, so that no rank is left waiting.
public enum MPIError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A call failed. `message` is MPI's own text; `rank` is nil before the rank is known.
    case call(operation: String, message: String, rank: Int?)
    /// The library was built with less thread support than a program with tasks needs.
    case threadLevel(provided: Int)
    /// A single message would exceed what one MPI count can say.
    case messageTooLong(byteCount: Int, rank: Int)
    /// Messages that nobody had received when the runtime was to be finalized.
    case undelivered(messageCount: Int, rank: Int)

    /// One line: operation, cause, rank.
    public var description: String {
        switch self {
        case .call(let operation, let message, let rank):
            operation + (rank.map { " on rank \($0)" } ?? "") + ": " + message
        case .threadLevel(let provided):
            "MPI_Init_thread gives thread level \(provided), less than MPI_THREAD_FUNNELED; "
                + "use an MPI library built with thread support"
        case .messageTooLong(let byteCount, let rank):
            "rank \(rank) sends a message of \(byteCount) bytes; the limit is \(Int32.max)"
        case .undelivered(let messageCount, let rank):
            "MPI_Finalize on rank \(rank): \(messageCount) sent messages were never received"
        }
    }
}
