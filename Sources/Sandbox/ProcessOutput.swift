import CSandboxShim
import Glibc
import Synchronization

/// The reading side of a child's standard output, taken line by line.
///
/// The loop's thread reads ahead into a bounded buffer; a child that writes more waits. One reader
/// at a time.
public final class ProcessOutput: Sendable {
    private struct Reader {
        let number: UInt64
        let limit: Int
        let alarm: EventLoop.Alarm
        let continuation: CheckedContinuation<String?, any Error>
    }

    private struct State {
        var bytes: [UInt8] = []
        var searchedCount = 0
        var isAtEnd = false
        var isPaused = false
        var watch: EventLoop.Watch?
        var reader: Reader?
        var readerCount: UInt64 = 0
    }

    private static let readAheadLimit = 1 << 20

    private let loop: EventLoop
    private let descriptor: Descriptor
    private let state = Mutex(State())

    init(_ descriptor: Descriptor, loop: EventLoop) throws(SystemCallError) {
        self.loop = loop
        self.descriptor = descriptor
        try descriptor.makeNonblocking()
        let watch = try loop.watch(descriptor, for: .readable) { [weak self] _ in
            self?.receive()
        }
        state.withLock { $0.watch = watch }
    }

    deinit {
        if let watch = state.withLock({ $0.watch }) { loop.end(watch, of: descriptor) }
    }

    /// Waits for the next line.
    ///
    /// Bytes that are not UTF-8 are replaced. A last line without an end counts as a line.
    ///
    /// - Parameters:
    ///   - limit: bytes a line may have.
    ///   - deadline: when to give up waiting.
    /// - Returns: the line without its end, or nil when the child has closed its output.
    /// - Throws: ``SandboxError/lineTooLong(limit:)``, ``SandboxError/lineTimedOut``, or
    ///   `CancellationError`; the stream stays usable after the latter two.
    public func readLine(limit: Int, deadline: ContinuousClock.Instant) async throws -> String? {
        let number = state.withLock { state in
            state.readerCount += 1
            return state.readerCount
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let alarm = loop.schedule(at: deadline) { [weak self] in
                    self?.fail(number, with: SandboxError.lineTimedOut)
                }
                state.withLock { state in
                    precondition(state.reader == nil, "one reader at a time")
                    state.reader = Reader(
                        number: number,
                        limit: limit,
                        alarm: alarm,
                        continuation: continuation
                    )
                }
                deliver()
                if Task.isCancelled { fail(number, with: CancellationError()) }
            }
        } onCancel: {
            fail(number, with: CancellationError())
        }
    }

    private func fail(_ number: UInt64, with error: any Error) {
        let reader = state.withLock { state -> Reader? in
            guard state.reader?.number == number else { return nil }
            return state.reader.take()
        }
        guard let reader else { return }
        loop.cancel(reader.alarm)
        reader.continuation.resume(throwing: error)
    }

    /// On the loop's thread: takes what the child wrote.
    private func receive() {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        switch descriptor.read(into: &chunk) {
        case .bytes(let count):
            state.withLock { state in
                state.bytes.append(contentsOf: chunk[..<count])
                guard state.bytes.count >= Self.readAheadLimit, let watch = state.watch else {
                    return
                }
                state.isPaused = true
                loop.change(watch, of: descriptor, to: [])
            }
        case .wouldBlock:
            return
        case .endOfFile, .failed:
            state.withLock { state in
                state.isAtEnd = true
                if let watch = state.watch.take() { loop.end(watch, of: descriptor) }
            }
        }
        deliver()
    }

    /// Hands the waiting reader its line when one is complete.
    private func deliver() {
        let (reader, result) = state.withLock { state -> (Reader?, Result<String?, any Error>) in
            guard let reader = state.reader else { return (nil, .success(nil)) }
            let result: Result<String?, any Error>
            if let end = state.bytes[state.searchedCount...].firstIndex(of: UInt8(ascii: "\n")) {
                if end > reader.limit {
                    result = .failure(SandboxError.lineTooLong(limit: reader.limit))
                } else {
                    result = .success(String(decoding: state.bytes[..<end], as: UTF8.self))
                }
                state.bytes.removeSubrange(...end)
                state.searchedCount = 0
            } else if state.bytes.count > reader.limit || state.isPaused {
                result = .failure(SandboxError.lineTooLong(limit: reader.limit))
            } else if state.isAtEnd {
                result = .success(
                    state.bytes.isEmpty ? nil : String(decoding: state.bytes, as: UTF8.self)
                )
                state.bytes = []
                state.searchedCount = 0
            } else {
                state.searchedCount = state.bytes.count
                return (nil, .success(nil))
            }
            state.reader = nil
            if state.isPaused, state.bytes.count < Self.readAheadLimit, let watch = state.watch {
                state.isPaused = false
                loop.change(watch, of: descriptor, to: .readable)
            }
            return (reader, result)
        }
        guard let reader else { return }
        loop.cancel(reader.alarm)
        reader.continuation.resume(with: result)
    }
}
