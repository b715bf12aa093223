import Glibc
import Sandbox
import Testing

/// The loop's thread as an executor of tasks.
@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
    private let loop: EventLoop

    init() throws { loop = try EventLoop.shared() }

    private nonisolated func thread() async -> pthread_t { pthread_self() }

    @Test func tasksAndTheirChildrenRunOnOneThread() async {
        let threads = await Task(executorPreference: loop) {
            await withTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        let before = await thread()
                        await Task.yield()
                        return [before, await thread()]
                    }
                }
                return await group.reduce(into: Set<pthread_t>()) { $0.formUnion($1) }
            }
        }.value
        #expect(threads.count == 1)
        #expect(!threads.contains(pthread_self()))
    }

    @Test func aTaskThatWaitsLetsOthersRunAndComesBack() async throws {
        let loop = loop
        let (waiting, others) = try await Task(executorPreference: loop) {
            async let waiting = {
                try await Task.sleep(for: .milliseconds(200))
                return await thread()
            }()
            // They run while the other one waits, or it would be the first to end.
            let start = ContinuousClock.now
            var others: Set<pthread_t> = []
            for _ in 0..<10 {
                let other = Task(executorPreference: loop) { await thread() }
                others.insert(await other.value)
            }
            #expect(ContinuousClock.now - start < .milliseconds(200))
            return (try await waiting, others)
        }.value
        #expect(others == [waiting])
        #expect(waiting != pthread_self())
    }

    @Test func jobsFromOtherThreadsWakeTheLoop() async {
        // Each comes to a loop that waits for nothing else.
        for number in 0..<200 {
            let answer = await Task(executorPreference: loop) { number + 1 }.value
            #expect(answer == number + 1)
        }
    }

    /// A pipe with some bytes, read one a turn; it owns its ends, which the loop lets go in the end.
    private final class Bytes: Sendable {
        let ends: [Int32]
        let counts = AsyncStream<Int>.makeStream()

        init(count: Int) {
            var ends: [Int32] = [-1, -1]
            guard unsafe pipe(&ends) == 0 else {
                self.ends = ends
                return
            }
            self.ends = ends
            _ = unsafe write(ends[1], [UInt8](repeating: 1, count: count), count)
        }

        deinit {
            for end in ends { close(end) }
            counts.continuation.finish()
        }

        func turn() -> Bool {
            var byte: UInt8 = 0
            counts.continuation.yield(unsafe read(ends[0], &byte, 1))
            var wanted = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
            return unsafe poll(&wanted, 1, 0) > 0
        }
    }

    @Test func aServedDescriptorHasItsTurnsUntilItWantsNoMore() async throws {
        let counts: AsyncStream<Int>
        do {
            let bytes = Bytes(count: 3)
            try #require(bytes.ends[0] >= 0)
            counts = bytes.counts.stream
            try loop.serve(bytes.ends[0]) { bytes.turn() }
        }
        #expect(await counts.reduce(into: []) { $0.append($1) } == [1, 1, 1])
    }
}
