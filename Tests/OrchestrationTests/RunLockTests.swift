import Foundation
import Testing

@testable import Orchestration

@Suite struct RunLockTests {
    private let path = FileManager.default.temporaryDirectory
        .appending(path: "run-lock-\(UUID().uuidString)").path

    private func take(patience: Duration = .milliseconds(600)) throws -> RunLock {
        try RunLock(
            path: path,
            patience: patience,
            beatInterval: .milliseconds(100),
            lost: { [losses] in losses.yield($0) },
            waiting: { _ in }
        )
    }

    private let lost: AsyncStream<RunLock.Holder?>
    private let losses: AsyncStream<RunLock.Holder?>.Continuation

    init() { (lost, losses) = AsyncStream.makeStream() }

    private func write(_ holder: RunLock.Holder) throws {
        try JSONEncoder().encode(holder).write(to: URL(filePath: path))
    }

    private func read() throws -> RunLock.Holder {
        try JSONDecoder().decode(
            RunLock.Holder.self,
            from: Data(contentsOf: URL(filePath: path))
        )
    }

    private let stranger = RunLock.Holder(
        host: "another-host",
        processID: 1,
        processStart: "1",
        slurmJobID: "12",
        slurmRestartCount: nil,
        token: "stranger",
        beat: 3
    )

    @Test func aSecondJobIsRefusedAndToldWhoHasIt() throws {
        let lock = try take()
        let refusal = #expect(throws: RunLock.Held.self) { try take() }
        #expect(refusal?.description.contains("process \(getpid())") == true)
        lock.release()
        #expect(!FileManager.default.fileExists(atPath: path))
        try take().release()
    }

    @Test(.timeLimit(.minutes(1))) func whoeverWasReplacedIsTold() async throws {
        let lock = try take()
        try write(stranger)
        var told = lost.makeAsyncIterator()
        #expect(await told.next() == .some(stranger))
        // Not the loser's to remove.
        lock.release()
        #expect(try read() == stranger)
        try FileManager.default.removeItem(atPath: path)
    }

    @Test(.timeLimit(.minutes(1))) func whoeverWasReplacedByOneThatHasEndedIsTold() async throws {
        let lock = try take()
        try FileManager.default.removeItem(atPath: path)
        var told = lost.makeAsyncIterator()
        #expect(await told.next() == .some(nil))
        lock.release()
    }

    @Test func aHolderThatEndedOnThisHostIsReplacedAtOnce() throws {
        let lock = try take()
        var gone = try read()
        lock.release()
        gone.processStart = "0"
        gone.token = "gone"
        try write(gone)
        let start = ContinuousClock.now
        let next = try take(patience: .seconds(60))
        #expect(ContinuousClock.now - start < .seconds(30))
        next.release()
    }

    @Test func aSilentHolderOnAnotherHostIsReplacedAfterTheWait() throws {
        try write(stranger)
        let lock = try take()
        #expect(try read().token != stranger.token)
        lock.release()
    }

    @Test func aHolderOnAnotherHostThatGivesSignsOfLifeKeepsIt() throws {
        try write(stranger)
        let writer = Thread { [self] in
            Thread.sleep(forTimeInterval: 0.2)
            var alive = stranger
            alive.beat += 1
            try? write(alive)
        }
        writer.start()
        #expect(throws: RunLock.Held.self) { try take(patience: .seconds(20)) }
        #expect(try read().token == stranger.token)
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func aHolderGivesSignsOfLife() throws {
        let lock = try take()
        let first = try read().beat
        let deadline = ContinuousClock.now + .seconds(30)
        while try read().beat == first, ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(try read().beat > first)
        lock.release()
    }

    @Test func aHalfWrittenLockHoldsNobodyUp() throws {
        try Data("{\"host\":".utf8).write(to: URL(filePath: path))
        try take().release()
    }

    @Test func aLockThatIsNotThereIsNotSeen() throws {
        #expect(!RunLock.isSeen("token", at: path, within: .milliseconds(50)))
        let lock = try take()
        #expect(RunLock.isSeen(lock.token, at: path, within: .seconds(5)))
        #expect(!RunLock.isSeen("token", at: path, within: .milliseconds(50)))
        lock.release()
    }
}
