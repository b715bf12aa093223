internal import CMPIShim

/// Sends on their way: their memory must stay until MPI says that it is done with it.
final class PendingSends {
    /// One message with its request.
    struct Send {
        let bytes: StableBuffer<UInt8>
        let request: StableBuffer<cmpi_request>
    }

    private var sends: [Send] = []

    /// Number of messages not yet handed over.
    var count: Int { sends.count }

    /// Keeps `send` until it completes.
    func add(_ send: Send) { sends.append(send) }

    /// Lets go of what has completed.
    func progress(rank: Int) throws {
        guard !sends.isEmpty else { return }
        var remaining: [Send] = []
        for send in sends where try !isComplete(send.request, rank: rank) {
            remaining.append(send)
        }
        sends = remaining
    }
}

/// Asks MPI whether a request has completed, and frees it when it has.
func isComplete(_ request: StableBuffer<cmpi_request>, rank: Int) throws -> Bool {
    var flag: Int32 = 0
    var status = cmpi_status()
    try checked("MPI_Test", rank: rank) { unsafe cmpi_test(request.address, &flag, &status) }
    return flag != 0
}
