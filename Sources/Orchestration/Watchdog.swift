internal import Configuration
private import Foundation
private import Synchronization

/// Ends a rank whose main thread no longer comes to agreements with the others.
///
/// A collective that somebody has left, a file system that answers no more: nothing in the main
/// thread can end such a wait. A thread of its own can.
final class Watchdog: Sendable {
    private struct State {
        var lastBeat = ContinuousClock.now
        var doing = "starting"
        var isOver = false
    }

    private let state = Mutex(State())
    private let limit: Duration
    private let name: String

    /// Watches from now on.
    ///
    /// - Parameters:
    ///   - rank: for the report.
    ///   - limit: the longest time between two beats.
    init(rank: Int, limit: Duration) {
        self.limit = limit
        name = "rank \(rank) on \(ProcessInfo.processInfo.hostName)"
        let thread = Thread { [weak self] in
            let interval = min(5, limit.seconds / 20)
            while let watchdog = self, watchdog.look() { Thread.sleep(forTimeInterval: interval) }
        }
        thread.name = "watchdog"
        thread.start()
    }

    /// Watches a rank of a job: its limit comes after rank 0's, which can say who waits for whom.
    convenience init(rank: Int, after run: RunSection) {
        self.init(rank: rank, limit: .seconds(1.5 * run.stallSeconds))
    }

    /// The main thread is alive, and this is what it does next.
    func beat(_ doing: String) {
        state.withLock { state in
            state.lastBeat = .now
            state.doing = doing
        }
    }

    /// Watches no more.
    func stop() { state.withLock { $0.isOver = true } }

    private func look() -> Bool {
        let state = state.withLock { $0 }
        guard !state.isOver else { return false }
        let silence = ContinuousClock.now - state.lastBeat
        guard silence > limit else { return true }
        Console.error(
            "\(name): nothing has advanced for \(Int(silence.seconds)) s while \(state.doing); the "
                + "job is given up. What was written is whole; the same command goes on from there"
        )
        // Neither MPI_Abort nor exit handlers: the main thread may hold whatever they wait for. The
        // launcher ends the other ranks, and each rank's guards end its processes.
        _exit(JobExit.stalled.rawValue)
    }
}
