import Glibc
import Testing

@testable import Sandbox

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

    @Test func aTaskThatWaitsLetsOthersRunAndComesBack() async {
        let loop = loop
        let (waiting, others) = await Task(executorPreference: loop) {
            let end = AsyncStream<Void>.makeStream()
            // Were the thread blocked by its wait, nobody would ever end it.
            async let waiting = {
                for await _ in end.stream {}
                return await thread()
            }()
            var others: Set<pthread_t> = []
            for _ in 0..<10 {
                let other = Task(executorPreference: loop) { await thread() }
                others.insert(await other.value)
            }
            end.continuation.finish()
            return (await waiting, others)
        }.value
        #expect(others == [waiting])
        #expect(waiting != pthread_self())
    }

    @Test func aTaskThatSleepsComesBack() async throws {
        let threads = try await Task(executorPreference: loop) {
            let before = await thread()
            try await Task.sleep(for: .milliseconds(20))
            return [before, await thread()]
        }.value
        #expect(threads[0] == threads[1])
    }

    @Test func whatEndsInTimeIsNotCancelled() async {
        let loop = loop
        let (inTime, isOver) = await loop.run(until: .now + .seconds(30)) {
            (await thread(), Task.isCancelled)
        }
        #expect(!isOver && !inTime.1)
        let other = await Task(executorPreference: loop) { await thread() }.value
        #expect(inTime.0 == other)
    }

    @Test func theDeadlineAndTheCallersEndCancel() async {
        let loop = loop
        @Sendable func sleeps() async -> Bool {
            do {
                try await Task.sleep(for: .seconds(30))
                return false
            } catch {
                return true
            }
        }
        let late = await loop.run(until: .now + .milliseconds(20)) { await sleeps() }
        #expect(late == (true, true))
        let caller = Task { await loop.run(until: .now + .seconds(30)) { await sleeps() } }
        caller.cancel()
        #expect(await caller.value == (true, false))
    }

    @Test func jobsFromOtherThreadsWakeTheLoop() async {
        // Each begins when the one before has ended, so that the loop mostly sleeps.
        for number in 0..<200 {
            let answer = await Task(executorPreference: loop) { number + 1 }.value
            #expect(answer == number + 1)
        }
    }

    @Test func whatCameInTimeIsSeenBeforeTheAlarm() async throws {
        let pipe = try Descriptor.pipe()
        let (isBlocked, mayGoOn) = (AsyncStream<Void>.makeStream(), try Bell())
        let seen = AsyncStream<String>.makeStream()
        // A job that takes longer than the time limit of something that another descriptor brings.
        let job = Task(executorPreference: loop) {
            isBlocked.continuation.finish()
            mayGoOn.wait(atMost: .seconds(20))
        }
        for await _ in isBlocked.stream {}
        let watch = try loop.watch(pipe.reading, for: .readable) { _ in
            if case .bytes = pipe.reading.read(upTo: 1) { seen.continuation.yield("answer") }
        }
        let deadline = ContinuousClock.now + .milliseconds(20)
        _ = loop.schedule(at: deadline) {
            seen.continuation.yield("alarm")
            seen.continuation.finish()
        }
        let one: [UInt8] = [1]
        _ = pipe.writing.write(one[...])
        try await ContinuousClock().sleep(until: deadline + .milliseconds(20))
        mayGoOn.ring()
        await job.value
        #expect(await seen.stream.reduce(into: []) { $0.append($1) } == ["answer", "alarm"])
        loop.end(watch, of: pipe.reading)
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
            _ = try loop.serve(bytes.ends[0]) { bytes.turn() }
        }
        #expect(await counts.reduce(into: []) { $0.append($1) } == [1, 1, 1])
    }

    @Test func aTurnAskedForOnTheLoopsThreadIsMadeAlthoughNothingIsReadable() async throws {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        let turns = AsyncStream<pthread_t>.makeStream()
        let takesTurnSoon = try loop.serve(ends[0]) {
            turns.continuation.yield(pthread_self())
            turns.continuation.finish()
            return false
        }
        #expect(!takesTurnSoon())
        let isTaken = await Task(executorPreference: loop) { takesTurnSoon() }.value
        #expect(isTaken)
        let own = await Task(executorPreference: loop) { await thread() }.value
        let threads = await turns.stream.reduce(into: []) { $0.append($1) }
        #expect(threads == [own])
        close(ends[0])
        close(ends[1])
    }
}
