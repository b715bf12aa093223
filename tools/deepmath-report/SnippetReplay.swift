import RolloutModel
import Sandbox
import TraceStore

/// The snippets of a run, run again: which gave something else than was recorded.
struct SnippetReplay {
    /// A snippet that came out different.
    struct Drift: Sendable {
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
    let episodeCount: Int
    /// Snippets that were run.
    let snippetCount: Int
    /// What came out different, in the order of rows.
    let drifts: [Drift]

    /// Runs everything again, `jobCount` episodes at the same time.
    ///
    /// - Throws: `TraceError`, `SandboxError`.
    init(_ reader: TraceReader, pool: SandboxPool, jobCount: Int) throws {
        var episodeCount = 0
        var snippetCount = 0
        let found = try TranscriptPass.results(
            reader,
            progress: ProgressBar("replaying", total: reader.episodeCount),
            inFlight: jobCount
        ) { transcript -> (@Sendable () async throws -> [Drift])? in
            guard !transcript.toolCalls.isEmpty else { return nil }
            episodeCount += 1
            snippetCount += transcript.toolCalls.count
            return { try await Self.drifts(transcript, pool) }
        }
        self.episodeCount = episodeCount
        self.snippetCount = snippetCount
        drifts = found.joined().sorted { ($0.task, $0.callIndex) < ($1.task, $1.callIndex) }
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
