import Testing

@testable import Sandbox

/// What a snippet may take, without a process: clocks that a test sets.
@Suite struct SnippetTimeTests {
    private let start = ContinuousClock.now

    private func time(interval: Duration? = nil) -> SnippetTime {
        SnippetTime(
            processorLimit: .seconds(10),
            wallLimit: .seconds(60),
            processorBefore: .seconds(100),
            started: start,
            interval: interval
        )
    }

    /// Looks whenever one is due, until one limit is met.
    ///
    /// - Parameters:
    ///   - share: of a processor that the process gets.
    ///   - isQueued: whether it waits for one in the rest of the time.
    /// - Returns: the limit, when it was met on the wall clock, and how many looks there were.
    private func end(
        share: Double,
        isQueued: Bool
    ) -> (limit: SnippetTime.Limit, wall: Duration, looks: Int) {
        var time = time()
        for looks in 1...10_000 {
            let wall = time.due - start
            let finding = time.look(
                at: time.due,
                processor: .seconds(100) + wall * share,
                queued: isQueued ? .seconds(7) + wall * (1 - share) : .seconds(7)
            )
            if case .over(let limit) = finding { return (limit, wall, looks) }
        }
        return (.wall, .zero, 0)
    }

    @Test func processorTimeIsTheLimitHoweverLongItTakes() {
        for share in [1, 0.5, 0.1, 0.01] {
            let end = end(share: share, isQueued: true)
            #expect(end.limit == .processor)
            // A look a millisecond before the end finds it a millisecond later at most.
            #expect(abs((end.wall * share - .seconds(10)) / .milliseconds(1)) < 2, "\(end)")
            #expect(end.looks < 2_000)
        }
    }

    @Test func whatWaitsByItselfMeetsTheWallLimit() {
        let asleep = end(share: 0, isQueued: false)
        #expect(asleep.limit == .wall)
        #expect(asleep.wall == .seconds(60))
        let drowsy = end(share: 0.1, isQueued: false)
        #expect(drowsy.limit == .wall)
        #expect(drowsy.wall == .seconds(60))
    }

    @Test func whatTheProcessUsedBeforeTheSnippetDoesNotCount() {
        #expect(time().processorTime(until: .seconds(103)) == .seconds(3))
        #expect(time().processorTime(until: .seconds(99)) == .zero)
    }

    @Test func anHourInWhichNothingRanDoesNotCount() {
        var time = time()
        let hour = Duration.seconds(3600)
        let finding = time.look(at: time.due + hour, processor: .seconds(101), queued: nil)
        #expect(finding == .lookAgain(start + .seconds(10) + hour + .seconds(9)))
    }

    @Test func withoutTheKernelsAccountTheWallLimitIsTheLastResort() {
        var time = time()
        var finding = time.look(at: time.due, processor: nil, queued: nil)
        while case .lookAgain(let due) = finding {
            finding = time.look(at: due, processor: nil, queued: nil)
        }
        #expect(finding == .over(.wall))
        #expect(time.due - start == .seconds(60))
    }

    @Test func looksAreAsFrequentAsMemoryNeeds() {
        var time = time(interval: .milliseconds(100))
        #expect(time.due == start + .milliseconds(100))
        let finding = time.look(at: time.due, processor: .seconds(100), queued: .zero)
        #expect(finding == .lookAgain(start + .milliseconds(200)))
    }
}
