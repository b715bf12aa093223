import RolloutModel
import Testing

@testable import Rollouts

@Suite struct EpisodeReplayTests {
    private let block = "\n```output\n2\n```\n"

    /// An agent that was cut off while its second turn was sampled.
    private func record(output: String = "2\n", code: String = "1+1") throws -> Episode {
        var builder = TrajectoryBuilder()
        builder.append(.prompt, ids: [1, 2], text: "p", wallSeconds: 0)
        builder.appendModelTurn(
            ids: [3, 4],
            logProbabilities: [-0.5, -0.25],
            text: "<tool_call>\n1+1\n</tool_call>",
            wallSeconds: 1,
            stopReason: "stop"
        )
        builder.append(.tool, ids: [5], text: block, wallSeconds: 0.1)
        return Episode(
            task: EpisodeTask(problem: ProblemIndex(0), sample: SampleIndex(0)),
            status: .unfinished,
            finish: .interrupted,
            trajectory: try builder.trajectory(),
            toolCalls: [
                ToolCall(
                    turnIndex: 1,
                    code: code,
                    output: output,
                    status: "ok",
                    wallSeconds: 0,
                    peakBytes: 0
                )
            ],
            grade: Grade(outcome: .ungraded, answer: "", canonicalAnswer: "", wallSeconds: 0),
            reward: 0,
            seed: 0,
            temperature: 0,
            retryCount: 0,
            cachedTokenCount: 0,
            times: Episode.Times()
        )
    }

    /// The loop and the replay after the record's first model turn, and what comes next.
    private func afterFirstTurn(
        of record: Episode
    ) throws -> (loop: AgentLoop, replay: EpisodeReplay, step: AgentLoop.Step) {
        var loop = AgentLoop(rules: AgentRules(contextTokens: 10_000))
        var replay = EpisodeReplay(record)
        let first = replay.begin(&loop)
        let second = replay.feed(&loop, after: try #require(first))
        return (loop, replay, try #require(second))
    }

    @Test func aRecordLeadsTheAgentToWhereItWas() throws {
        let record = try record()
        var (loop, replay, step) = try afterFirstTurn(of: record)
        let calls = try #require(replay.recordedCalls(for: step, loop))
        #expect(calls.map(\.code) == ["1+1"])
        step = loop.receive(outputs: calls.map(\.output))
        #expect(step == .tokenize(block))
        let next = replay.feed(&loop, after: step)
        #expect(replay.isOver)
        guard case .sample = next else {
            Issue.record("the next step is the turn that was cut off")
            return
        }
        #expect(try loop.trajectory.trajectory() == record.trajectory)
        #expect(loop.modelTurnCount == 1)
    }

    @Test func aRecordOfOtherSnippetsDoesNotFit() throws {
        var (loop, replay, step) = try afterFirstTurn(of: record(code: "1+2"))
        #expect(replay.recordedCalls(for: step, loop) == nil)
        let next = replay.feed(&loop, after: step)
        #expect(next == nil)
    }

    @Test func aRecordOfOtherOutputDoesNotFit() throws {
        var (loop, replay, _) = try afterFirstTurn(of: record())
        let step = loop.receive(outputs: ["3\n"])
        let next = replay.feed(&loop, after: step)
        #expect(next == nil)
    }
}
