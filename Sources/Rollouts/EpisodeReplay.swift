// An attempt's record as what would have happened: turn by turn, checked against the steps that the
// agent's rules take now. The state of the agent is thus never stored, only what it was fed.

import RolloutModel

/// Walks the turns of a record in step with an ``AgentLoop``.
struct EpisodeReplay {
    private let record: Episode
    private var position = 0

    init(_ record: Episode) { self.record = record }

    /// Whether every turn has been fed.
    var isOver: Bool { position == record.trajectory.turns.count }

    /// Feeds the prompt; nil when the record does not begin with one.
    mutating func begin(_ loop: inout AgentLoop) -> AgentLoop.Step? {
        guard let turn = record.trajectory.turns.first, turn.role == .prompt else { return nil }
        position = 1
        return loop.begin(
            promptIDs: Array(record.trajectory.ids[turn.tokens]),
            text: turn.text,
            wallSeconds: turn.wallSeconds
        )
    }

    /// The calls that the record has for the snippets of `step`; nil when they are not the same.
    func recordedCalls(for step: AgentLoop.Step, _ loop: AgentLoop) -> [ToolCall]? {
        guard case .run(let snippets) = step, !isOver else { return nil }
        let calls = record.toolCalls.filter { $0.turnIndex == loop.lastTurnIndex }
        return calls.map(\.code) == snippets ? calls : nil
    }

    /// Feeds the next turn; nil when it does not fit `step`.
    mutating func feed(_ loop: inout AgentLoop, after step: AgentLoop.Step) -> AgentLoop.Step? {
        let trajectory = record.trajectory
        guard !isOver else { return nil }
        let turn = trajectory.turns[position]
        position += 1
        switch (step, turn.role) {
        case (.sample, .model):
            return loop.receive(
                AgentLoop.Sampled(
                    ids: Array(trajectory.ids[turn.tokens]),
                    logProbabilities: Array(trajectory.logProbabilities[turn.tokens]),
                    text: turn.text,
                    finishReason: turn.stopReason,
                    wallSeconds: turn.wallSeconds
                )
            )
        case (.tokenize(let text), .tool) where text == turn.text:
            return loop.insert(
                Array(trajectory.ids[turn.tokens]),
                text: text,
                wallSeconds: turn.wallSeconds
            )
        default:
            return nil
        }
    }
}
