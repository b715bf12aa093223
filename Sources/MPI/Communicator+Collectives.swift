// Collectives: all non-blocking inside, with a timed wait. Open MPI's blocking ones spin a core
// that the engine, the interpreters or another rank could use.

internal import CMPIShim

/// How the values of all ranks become one.
public enum Reduction: Sendable {
    /// The smallest.
    case min
    /// The largest.
    case max
    /// The sum.
    case sum

    var operation: cmpi_op {
        switch self {
        case .min: cmpi_min()
        case .max: cmpi_max()
        case .sum: cmpi_sum()
        }
    }
}

extension Communicator {
    /// One value per position, made from the values of all ranks; the same on every rank.
    ///
    /// - Important: Collective; every rank of this communicator calls it.
    /// - Parameters:
    ///   - values: equally many on every rank.
    ///   - reduction: how values at one position are joined.
    ///   - whileWaiting: called between two looks; may exchange messages, no collectives. When it
    ///     throws, the operation stays open and the job must abort.
    /// - Returns: as many values as went in.
    /// - Throws: ``MPIError``, or what `whileWaiting` throws.
    public borrowing func agree(
        _ values: [Int64],
        by reduction: Reduction,
        whileWaiting: () throws -> Void = {}
    ) throws -> [Int64] {
        guard !values.isEmpty else { return [] }
        let comm = handle
        let sent = StableBuffer(values)
        let received = StableBuffer(repeating: Int64(0), count: values.count)
        try complete("MPI_Iallreduce", holding: [sent, received], whileWaiting: whileWaiting) {
            unsafe cmpi_iallreduce(
                sent.address,
                received.address,
                Int32(values.count),
                cmpi_int64(),
                reduction.operation,
                comm,
                $0.address
            )
        }
        return received.elements
    }

    /// Waits until every rank is here.
    ///
    /// - Important: Collective; every rank of this communicator calls it.
    public borrowing func barrier(whileWaiting: () throws -> Void = {}) throws {
        let comm = handle
        try complete("MPI_Ibarrier", holding: [], whileWaiting: whileWaiting) {
            unsafe cmpi_ibarrier(comm, $0.address)
        }
    }

    /// Every rank's value, in rank order.
    ///
    /// - Important: Collective; every rank of this communicator calls it.
    /// - Returns: shape `[size]`.
    public borrowing func allGather(_ value: Int64) throws -> [Int64] {
        try allGather([value]).map { $0[0] }
    }

    /// Every rank's values, in rank order.
    ///
    /// - Important: Collective; every rank of this communicator calls it.
    /// - Parameter values: equally many on every rank.
    /// - Returns: shape `[size][values.count]`.
    /// - Throws: ``MPIError`` when MPI fails.
    public borrowing func allGather(_ values: [Int64]) throws -> [[Int64]] {
        let comm = handle
        let sent = StableBuffer(values)
        let received = StableBuffer(repeating: Int64(0), count: size * values.count)
        try complete("MPI_Iallgather", holding: [sent, received]) {
            unsafe cmpi_iallgather(
                sent.address,
                Int32(values.count),
                cmpi_int64(),
                received.address,
                Int32(values.count),
                cmpi_int64(),
                comm,
                $0.address
            )
        }
        let all = received.elements
        return (0..<size).map {
            Array(all[$0 * values.count..<($0 + 1) * values.count])
        }
    }

    /// The bytes of one rank, on every rank.
    ///
    /// - Important: Collective; every rank of this communicator calls it.
    /// - Parameters:
    ///   - bytes: of any length; read on rank `root` only.
    ///   - root: the rank that has them.
    /// - Returns: the root's bytes.
    /// - Throws: ``MPIError`` when MPI fails.
    public borrowing func broadcast(_ bytes: [UInt8], from root: Int) throws -> [UInt8] {
        precondition((0..<size).contains(root), "a broadcast comes from a rank that exists")
        let comm = handle
        let mine = rank == root ? Int64(bytes.count) : 0
        let byteCount = Int(try agree([mine], by: .max)[0])
        var result: [UInt8] = []
        result.reserveCapacity(byteCount)
        while result.count < byteCount {
            let part = min(byteCount - result.count, Self.largestPart)
            let buffer =
                rank == root
                ? StableBuffer(Array(bytes[result.count..<result.count + part]))
                : StableBuffer(repeating: UInt8(0), count: part)
            try complete("MPI_Ibcast", holding: [buffer]) {
                unsafe cmpi_ibcast(
                    buffer.address,
                    Int32(part),
                    cmpi_byte(),
                    Int32(root),
                    comm,
                    $0.address
                )
            }
            result += buffer.elements
        }
        return result
    }

    /// Every rank's bytes, on one rank.
    ///
    /// - Important: Collective; every rank of this communicator calls it.
    /// - Parameters:
    ///   - bytes: of any length, which may differ by rank.
    ///   - root: the rank that gets them.
    ///   - known: how many each rank has, shape `[size]`, where all ranks know that; nil has them asked.
    /// - Returns: on rank `root` shape `[size]`, in rank order; empty elsewhere.
    /// - Throws: ``MPIError`` when MPI fails.
    public borrowing func gather(
        _ bytes: [UInt8],
        at root: Int,
        lengths known: [Int]? = nil
    ) throws -> [[UInt8]] {
        precondition((0..<size).contains(root), "bytes are gathered at a rank that exists")
        let lengths = try known ?? allGather(Int64(bytes.count)).map { Int($0) }
        precondition(
            lengths.count == size && lengths[rank] == bytes.count,
            "a rank has as many bytes as it is known to have"
        )
        var result = [[UInt8]](repeating: [], count: rank == root ? size : 0)
        let part = Self.largestPart / size
        var start = 0
        while start < lengths.max() ?? 0 {
            let counts = lengths.map { max(0, min(part, $0 - start)) }
            let mine = Array(bytes.dropFirst(start).prefix(part))
            let received = try gatherPart(mine, counts: counts, at: root)
            var end = 0
            for index in result.indices {
                result[index] += received[end..<end + counts[index]]
                end += counts[index]
            }
            start += part
        }
        return result
    }

    /// One MPI_Igatherv of parts whose sum fits a count.
    private borrowing func gatherPart(
        _ bytes: [UInt8],
        counts: [Int],
        at root: Int
    ) throws -> [UInt8] {
        let comm = handle
        let isRoot = rank == root
        var displacements: [Int32] = []
        var total = 0
        for count in counts {
            displacements.append(Int32(total))
            total += count
        }
        let sent = StableBuffer(bytes)
        let received = StableBuffer(repeating: UInt8(0), count: isRoot ? total : 0)
        let receiveCounts = StableBuffer(counts.map { Int32($0) })
        let places = StableBuffer(displacements)
        try complete("MPI_Igatherv", holding: [sent, received, receiveCounts, places]) {
            unsafe cmpi_igatherv(
                sent.address,
                Int32(bytes.count),
                cmpi_byte(),
                received.address,
                receiveCounts.address,
                places.address,
                cmpi_byte(),
                Int32(root),
                comm,
                $0.address
            )
        }
        return received.elements
    }

    /// Bytes one collective may move at once: MPI's counts are 32-bit.
    private static var largestPart: Int { 1 << 30 }

    /// Starts a non-blocking operation and waits for its end without spinning.
    ///
    /// `buffers` is what the operation touches. Should the wait be left by an error, they are never
    /// freed: MPI may still write to them until the job aborts.
    private borrowing func complete(
        _ operation: String,
        holding buffers: [AnyObject],
        whileWaiting: () throws -> Void = {},
        start: (StableBuffer<cmpi_request>) -> Int32
    ) throws {
        let request = StableBuffer(repeating: cmpi_request(value: 0), count: 1)
        try checked(operation, rank: rank) { start(request) }
        do {
            var pause = Pause()
            while try !isComplete(request, rank: rank) {
                try whileWaiting()
                try progress()
                pause.wait()
            }
        } catch {
            for object in buffers + [request] {
                _ = unsafe Unmanaged.passRetained(object)
            }
            throw error
        }
        withExtendedLifetime(buffers) {}
    }
}
