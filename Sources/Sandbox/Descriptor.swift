import CSandboxShim
import Glibc

/// An open file descriptor that is closed with the last reference to it.
final class Descriptor: Sendable {
    let number: Int32

    init(owning number: Int32) {
        precondition(number >= 0, "a descriptor is not negative")
        self.number = number
    }

    deinit { _ = close(number) }

    /// Opens a file; descriptors of this program are never inherited by accident.
    static func open(_ path: String, flags: Int32, mode: mode_t = 0o600) throws(SystemCallError)
        -> Descriptor
    {
        let number = unsafe csandbox_open(path, flags | O_CLOEXEC, mode)
        return Descriptor(owning: try checked("open", number, about: path))
    }

    /// A pipe's reading and writing end.
    static func pipe() throws(SystemCallError) -> (reading: Descriptor, writing: Descriptor) {
        var ends: (Int32, Int32) = (-1, -1)
        let status = unsafe withUnsafeMutablePointer(to: &ends) { pointer in
            unsafe pointer.withMemoryRebound(to: Int32.self, capacity: 2) {
                unsafe csandbox_pipe($0, O_CLOEXEC)
            }
        }
        _ = try checked("pipe2", status)
        return (Descriptor(owning: ends.0), Descriptor(owning: ends.1))
    }

    /// Two connected Unix sockets of `type`, such as `SOCK_STREAM`.
    static func socketPair(type: Int32) throws(SystemCallError) -> (
        ours: Descriptor, theirs: Descriptor
    ) {
        var ends: (Int32, Int32) = (-1, -1)
        let status = unsafe withUnsafeMutablePointer(to: &ends) { pointer in
            unsafe pointer.withMemoryRebound(to: Int32.self, capacity: 2) {
                unsafe csandbox_socketpair(type | Int32(SOCK_CLOEXEC.rawValue), $0)
            }
        }
        _ = try checked("socketpair", status)
        return (Descriptor(owning: ends.0), Descriptor(owning: ends.1))
    }

    /// An unnamed file in memory, positioned at its beginning.
    static func memoryFile(_ name: String, contents: [UInt8]) throws(SystemCallError) -> Descriptor
    {
        let number = unsafe csandbox_memory_file(name)
        let file = Descriptor(owning: try checked("memfd_create", number))
        var remaining = contents[...]
        while !remaining.isEmpty {
            guard case .bytes(let count) = file.write(remaining) else {
                throw SystemCallError("write", name)
            }
            remaining = remaining.dropFirst(count)
        }
        _ = lseek(number, 0, SEEK_SET)
        return file
    }

    /// The first bytes of a file, wherever it is positioned.
    func contents(limit: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe pread(number, buffer.baseAddress, buffer.count, 0)
        }
        return Array(bytes.prefix(max(0, count)))
    }

    /// Makes reads and writes return at once instead of waiting.
    func makeNonblocking() throws(SystemCallError) {
        _ = try checked("fcntl(O_NONBLOCK)", csandbox_set_nonblocking(number))
    }

    /// Looks again and again for something to read, or the other end's closing, and lets others run
    /// in between: a thread that sleeps is woken later than a short snippet takes, most of all where
    /// the processor of a virtual machine goes to sleep with it.
    ///
    /// - Returns: whether that came before `duration` was over.
    func becomesReadable(within duration: Duration) -> Bool {
        let end = ContinuousClock.now + duration
        while csandbox_poll_readable(number) == 0 {
            guard ContinuousClock.now < end else { return false }
            sched_yield()
        }
        return true
    }

    /// A duplicate with a number that no child expects its own descriptors at.
    func duplicateOutOfTheWay() throws(SystemCallError) -> Descriptor {
        Descriptor(
            owning: try checked("fcntl(F_DUPFD_CLOEXEC)", csandbox_duplicate_above(number, 64))
        )
    }

    /// What one attempt to read or write achieved.
    enum Transfer {
        case bytes(Int)
        case endOfFile
        case wouldBlock
        case failed(SystemCallError)
    }

    /// Reads what is there, up to the buffer's size.
    func read(into buffer: inout [UInt8]) -> Transfer {
        let count = unsafe buffer.withUnsafeMutableBytes { target in
            uninterrupted { unsafe Glibc.read(number, target.baseAddress, target.count) }
        }
        if count > 0 { return .bytes(count) }
        if count == 0 { return .endOfFile }
        return csandbox_errno() == EAGAIN ? .wouldBlock : .failed(SystemCallError("read"))
    }

    /// What there was to read.
    enum Chunk {
        case bytes([UInt8])
        case endOfFile
        case wouldBlock
        case failed(SystemCallError)
    }

    /// Reads what is there, up to `limit` bytes.
    func read(upTo limit: Int) -> Chunk {
        // Mostly there is little or nothing, which is not worth an allocation of the whole limit.
        if limit <= 1 << 12 {
            var room = InlineArray<4096, UInt8>(repeating: 0)
            var span = room.mutableSpan
            return unsafe span.withUnsafeMutableBytes { target in
                let status = unsafe read(into: target[..<limit])
                return chunk(status) { unsafe Array(target[..<status]) }
            }
        }
        var status = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            status = unsafe read(into: UnsafeMutableRawBufferPointer(buffer)[...])
            count = max(0, status)
        }
        return chunk(status) { bytes }
    }

    private func read(into target: Slice<UnsafeMutableRawBufferPointer>) -> Int {
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: target)
        return uninterrupted { unsafe Glibc.read(number, target.baseAddress, target.count) }
    }

    /// What a read with `status` has got.
    private func chunk(_ status: Int, _ bytes: () -> [UInt8]) -> Chunk {
        if status > 0 { return .bytes(bytes()) }
        if status == 0 { return .endOfFile }
        return csandbox_errno() == EAGAIN ? .wouldBlock : .failed(SystemCallError("read"))
    }

    /// Writes what fits.
    func write(_ bytes: ArraySlice<UInt8>) -> Transfer {
        let count = unsafe bytes.withUnsafeBytes { source in
            uninterrupted { unsafe Glibc.write(number, source.baseAddress, source.count) }
        }
        if count >= 0 { return .bytes(count) }
        return csandbox_errno() == EAGAIN ? .wouldBlock : .failed(SystemCallError("write"))
    }
}

extension Descriptor {
    /// Sends on a socket what fits; a closed other end is an error, never a signal.
    func send(_ bytes: ArraySlice<UInt8>) -> Transfer {
        let count = unsafe bytes.withUnsafeBytes { source in
            uninterrupted {
                unsafe Glibc.send(
                    number,
                    source.baseAddress,
                    source.count,
                    Int32(MSG_NOSIGNAL)
                )
            }
        }
        if count >= 0 { return .bytes(count) }
        return csandbox_errno() == EAGAIN ? .wouldBlock : .failed(SystemCallError("send"))
    }
}
