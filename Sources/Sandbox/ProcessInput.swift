import CSandboxShim
import Glibc
import Synchronization

/// The writing side of a child's standard input.
///
/// It is a socket rather than a pipe: writing to a child that is gone must be an error here, and
/// a pipe would make it a SIGPIPE for the whole rank.
public final class ProcessInput: Sendable {
    private struct Writer {
        let number: UInt64
        var remaining: ArraySlice<UInt8>
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var writers: [Writer] = []
        var writerCount: UInt64 = 0
        var watch: EventLoop.Watch?
        var descriptor: Descriptor?
    }

    private let loop: EventLoop
    private let state: Mutex<State>

    init(_ descriptor: Descriptor, loop: EventLoop) throws(SystemCallError) {
        self.loop = loop
        try descriptor.makeNonblocking()
        state = Mutex(State(descriptor: descriptor))
    }

    deinit { close() }

    /// Writes all bytes, in the order of calls.
    ///
    /// - Throws: ``SystemCallError`` when the child has closed its input, ``SandboxError/closed``
    ///   after ``close()``, or `CancellationError`; a cancelled write may have been done in part.
    public func write(_ bytes: [UInt8]) async throws {
        let number = state.withLock { state in
            state.writerCount += 1
            return state.writerCount
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isClosed = state.withLock { state in
                    state.writers.append(
                        Writer(number: number, remaining: bytes[...], continuation: continuation)
                    )
                    return state.descriptor == nil
                }
                if isClosed { fail(with: SandboxError.closed) { $0.number == number } }
                send()
                if Task.isCancelled { fail(with: CancellationError()) { $0.number == number } }
            }
        } onCancel: {
            fail(with: CancellationError()) { $0.number == number }
        }
    }

    /// Closes the input, which the child sees as the end of its file.
    ///
    /// Waiting writes fail.
    public func close() {
        state.withLock { state in
            if let watch = state.watch.take(), let descriptor = state.descriptor {
                loop.end(watch, of: descriptor)
            }
            state.descriptor = nil
        }
        fail(with: SandboxError.closed) { _ in true }
    }

    private func fail(with error: any Error, where isMeant: (Writer) -> Bool) {
        let failed = state.withLock { state in
            let failed = state.writers.filter(isMeant)
            state.writers.removeAll(where: isMeant)
            return failed
        }
        for writer in failed { writer.continuation.resume(throwing: error) }
    }

    private func send() {
        var finished: [Writer] = []
        var failure: SystemCallError?
        state.withLock { state in
            guard let descriptor = state.descriptor else { return }
            while let writer = state.writers.first {
                guard !writer.remaining.isEmpty else {
                    finished.append(state.writers.removeFirst())
                    continue
                }
                switch descriptor.send(writer.remaining) {
                case .bytes(let count):
                    state.writers[0].remaining = writer.remaining.dropFirst(count)
                case .failed(let error):
                    failure = error
                    return
                case .wouldBlock, .endOfFile:
                    waitUntilWritable(&state, descriptor)
                    return
                }
            }
            if let watch = state.watch { loop.change(watch, of: descriptor, to: []) }
        }
        for writer in finished { writer.continuation.resume() }
        if let failure {
            fail(with: failure) { _ in true }
            close()
        }
    }

    private func waitUntilWritable(_ state: inout State, _ descriptor: Descriptor) {
        if let watch = state.watch {
            loop.change(watch, of: descriptor, to: .writable)
            return
        }
        do throws(SystemCallError) {
            state.watch = try loop.watch(descriptor, for: .writable) { [weak self] readiness in
                guard let self else { return }
                if readiness.contains(.hungUp) { self.close() } else { self.send() }
            }
        } catch {
            preconditionFailure("an open socket can be watched: \(error)")
        }
    }
}
