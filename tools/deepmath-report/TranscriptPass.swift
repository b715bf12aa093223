import Dispatch
import RolloutModel
import Synchronization
import TraceStore

/// A walk over the transcripts of a run: read on this thread, which HDF5 belongs to, and worked on
/// in tasks, a bounded number at the same time, so that no whole run is ever in memory.
enum TranscriptPass {
    /// What the tasks have brought so far.
    private final class Gathered<Result: Sendable>: Sendable {
        private struct State {
            var results: [Result] = []
            var failure: (any Error)?
        }

        private let state = Mutex(State())

        var hasFailed: Bool { state.withLock { $0.failure != nil } }

        func add(_ result: Result) { state.withLock { $0.results.append(result) } }

        /// Keeps the first failure.
        func fail(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }

        func results() throws -> [Result] {
            try state.withLock { state in
                if let failure = state.failure { throw failure }
                return state.results
            }
        }
    }

    /// Works on every transcript of a run.
    ///
    /// - Parameters:
    ///   - reader: of the run.
    ///   - progress: a bar with one step for each episode.
    ///   - inFlight: transcripts worked on at the same time, 1 or more.
    ///   - work: called on this thread; nil when there is nothing to do for a transcript.
    /// - Returns: what the work gave, in the order in which it ended.
    /// - Throws: the first failure of reading or working, once nothing is worked on any more. Damaged
    ///   transcripts are left out.
    static func results<Result: Sendable>(
        _ reader: TraceReader,
        progress: ProgressBar,
        inFlight: Int,
        of work: (Transcript) throws -> (@Sendable () async throws -> Result)?
    ) throws -> [Result] {
        let gathered = Gathered<Result>()
        let places = DispatchSemaphore(value: inFlight)
        do {
            for row in 0..<reader.episodeCount {
                let whole = try Runs.whole { try work(reader.transcript(EpisodeRow(row))) }
                if let job = whole ?? nil {
                    places.wait()
                    guard !gathered.hasFailed else {
                        places.signal()
                        break
                    }
                    Task {
                        do {
                            gathered.add(try await job())
                        } catch {
                            gathered.fail(error)
                        }
                        places.signal()
                    }
                }
                progress.advance()
            }
        } catch {
            gathered.fail(error)
        }
        // All places are free when nothing is worked on; a semaphore must end as it began.
        for _ in 0..<inFlight { places.wait() }
        for _ in 0..<inFlight { places.signal() }
        progress.end()
        return try gathered.results()
    }
}
