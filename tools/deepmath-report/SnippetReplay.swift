import RolloutModel
import Sandbox
import TraceStore

/// The snippets of a run, run again: which gave something else than was recorded.
struct SnippetReplay {
    /// A snippet that came out different.
    struct Drift {
        let task: EpisodeTask
        /// Zero-based among the episode's snippets.
        let callIndex: Int
        let recorded: ToolCall
        let result: SnippetResult

        /// The first thing that differs, in one line.
        var difference: String {
            if recorded.status != result.status.rawValue {
                return "\(recorded.status) then, \(result.status.rawValue) now"
            }
            let then = recorded.output.split(separator: "\n", omittingEmptySubsequences: false)
            let now = result.output.split(separator: "\n", omittingEmptySubsequences: false)
            let index = zip(then, now).prefix { $0 == $1 }.count
            func line(_ lines: [Substring]) -> String {
                guard index < lines.count else { return "nothing" }
                return "\"" + lines[index].prefix(60) + (lines[index].count > 60 ? "…\"" : "\"")
            }
            return "line \(index + 1) was \(line(then)), is \(line(now))"
        }
    }

    /// Episodes that have snippets.
    private(set) var episodeCount = 0
    /// Snippets that were run.
    private(set) var snippetCount = 0
    /// What came out different, in the order of rows.
    private(set) var drifts: [Drift] = []

    /// Runs everything again, `jobCount` episodes at the same time.
    ///
    /// - Throws: `TraceError`, `SandboxError`.
    init(_ reader: TraceReader, pool: SandboxPool, jobCount: Int) async throws {
        let progress = ProgressBar("replaying", total: reader.episodeCount)
        var nextRow = 0
        try await withThrowingTaskGroup(of: [Drift].self) { group in
            var runningCount = 0
            while nextRow < reader.episodeCount || runningCount > 0 {
                if nextRow < reader.episodeCount, runningCount < jobCount {
                    let transcript = try reader.transcript(EpisodeRow(nextRow))
                    nextRow += 1
                    guard !transcript.toolCalls.isEmpty else {
                        progress.advance()
                        continue
                    }
                    episodeCount += 1
                    snippetCount += transcript.toolCalls.count
                    runningCount += 1
                    group.addTask { try await Self.drifts(transcript, pool) }
                } else if let found = try await group.next() {
                    drifts += found
                    runningCount -= 1
                    progress.advance()
                }
            }
        }
        drifts.sort { ($0.task, $0.callIndex) < ($1.task, $1.callIndex) }
    }

    private static func drifts(
        _ transcript: Transcript,
        _ pool: SandboxPool
    ) async throws -> [Drift] {
        let session = try await pool.openSession(seed: transcript.seed)
        var drifts: [Drift] = []
        do {
            for (index, call) in transcript.toolCalls.enumerated() {
                let result = try await session.run(call.code)
                guard result.output != call.output || result.status.rawValue != call.status else {
                    continue
                }
                drifts.append(
                    Drift(
                        task: transcript.task,
                        callIndex: index,
                        recorded: call,
                        result: result
                    )
                )
            }
        } catch {
            await session.close()
            throw error
        }
        await session.close()
        return drifts
    }
}
