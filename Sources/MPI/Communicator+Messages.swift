internal import CMPIShim

/// A message that has arrived whole.
public struct IncomingMessage: Hashable, Sendable {
    /// The rank that sent it.
    public let source: Int
    /// What kind of message, as the sender says.
    public let tag: Int32
    /// Its content.
    public let bytes: [UInt8]
}

extension Communicator {
    /// Sends without waiting: the memory is kept here until the message has left.
    ///
    /// Messages of one sender with one tag arrive in order. Call ``progress()`` (or any ``poll(tag:)``)
    /// now and then.
    ///
    /// - Parameters:
    ///   - bytes: at most `Int32.max` of them.
    ///   - destination: a rank of this communicator; the own rank is allowed.
    ///   - tag: 0 or above.
    /// - Throws: ``MPIError`` when the message is too long or MPI refuses it.
    public borrowing func send(_ bytes: [UInt8], to destination: Int, tag: Int32) throws {
        precondition((0..<size).contains(destination), "a message goes to a rank that exists")
        precondition(tag >= 0, "tags are not negative")
        guard let count = Int32(exactly: bytes.count) else {
            throw MPIError.messageTooLong(byteCount: bytes.count, rank: rank)
        }
        let send = PendingSends.Send(
            bytes: StableBuffer(bytes),
            request: StableBuffer(repeating: cmpi_request(value: 0), count: 1)
        )
        let comm = handle
        try checked("MPI_Isend", rank: rank) {
            unsafe cmpi_isend(
                send.bytes.address,
                count,
                cmpi_byte(),
                Int32(destination),
                tag,
                comm,
                send.request.address
            )
        }
        pendingSends.add(send)
        try progress()
    }

    /// Completes the sends that can be completed now; never waits.
    public borrowing func progress() throws {
        try pendingSends.progress(rank: rank)
    }

    /// The next message that has arrived, or nil; never waits for one.
    ///
    /// - Parameter tag: only messages of this kind; nil takes any.
    /// - Returns: the message, whole; nil when none has arrived.
    /// - Throws: ``MPIError`` when MPI fails.
    public borrowing func poll(tag: Int32? = nil) throws -> IncomingMessage? {
        try progress()
        let comm = handle
        var isThere: Int32 = 0
        var status = cmpi_status()
        try checked("MPI_Iprobe", rank: rank) {
            unsafe cmpi_iprobe(
                cmpi_any_source(),
                tag ?? cmpi_any_tag(),
                comm,
                &isThere,
                &status
            )
        }
        guard isThere != 0 else { return nil }
        var count: Int32 = 0
        try checked("MPI_Get_count", rank: rank) {
            unsafe cmpi_get_count(&status, cmpi_byte(), &count)
        }
        let source = unsafe cmpi_status_source(&status)
        let tag = unsafe cmpi_status_tag(&status)
        var bytes = [UInt8](repeating: 0, count: Int(count))
        try checked("MPI_Recv", rank: rank) {
            unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe cmpi_recv(
                    buffer.baseAddress,
                    count,
                    cmpi_byte(),
                    source,
                    tag,
                    comm,
                    &status
                )
            }
        }
        return IncomingMessage(source: Int(source), tag: tag, bytes: bytes)
    }

    /// Waits, without spinning, until every message has left.
    borrowing func drain(for limit: Duration) throws {
        let deadline = ContinuousClock.now + limit
        var pause = Pause()
        try progress()
        while pendingSends.count > 0 {
            guard ContinuousClock.now < deadline else {
                throw MPIError.undelivered(messageCount: pendingSends.count, rank: rank)
            }
            pause.wait()
            try progress()
        }
    }
}
