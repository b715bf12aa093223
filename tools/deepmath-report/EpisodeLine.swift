import RolloutModel
import TraceStore

/// An episode as one line of JSONL or CSV, each ending in a newline.
struct EpisodeLine {
    let problem: Problem
    let stored: StoredEpisode

    /// The columns of ``csv``.
    static let csvHeader =
        [
            "problem", "sample", "status", "finish", "outcome", "answer", "expected", "reward",
            "prompt_tokens", "sampled_tokens", "tool_tokens", "tool_calls", "seed", "temperature",
            "total_seconds", "inference_seconds", "sandbox_seconds", "grading_seconds", "rank",
            "failure", "copied_from_statement",
        ].joined(separator: ",") + "\n"

    /// Numbers and short text.
    var csv: String {
        let episode = stored.episode
        let trajectory = episode.trajectory
        return [
            problem.id, "\(episode.task.sample)", episode.status.rawValue, episode.finish.rawValue,
            episode.grade.outcome.rawValue, episode.grade.answer, problem.answer,
            "\(episode.reward)", "\(trajectory.tokenCount(of: .prompt))",
            "\(trajectory.tokenCount(of: .model))", "\(trajectory.tokenCount(of: .tool))",
            "\(episode.toolCalls.count)", "\(episode.seed)", "\(episode.temperature)",
            "\(episode.times.total)", "\(episode.times.inference)", "\(episode.times.sandbox)",
            "\(episode.times.grading)", "\(stored.rank)", episode.failure,
            episode.isCopiedFromStatement ? "1" : "0",
        ].map(CSV.quoted).joined(separator: ",") + "\n"
    }

    /// What the model and the tools wrote, and the expected answer.
    var reference: String {
        object([("text", JSON.quoted(completion)), ("target", JSON.quoted(problem.answer))])
    }

    /// The prompt as the engine saw it, and all that followed.
    var trl: String {
        object([("prompt", JSON.quoted(prompt)), ("completion", JSON.quoted(completion))])
    }

    /// The whole episode.
    func json(withTokens: Bool) -> String {
        let episode = stored.episode
        var fields = [
            ("problem", JSON.quoted(problem.id)), ("sample", "\(episode.task.sample)"),
            ("statement", JSON.quoted(problem.statement)),
            ("expected", JSON.quoted(problem.answer)),
            ("status", JSON.quoted(episode.status.rawValue)),
            ("finish", JSON.quoted(episode.finish.rawValue)),
            ("failure", JSON.quoted(episode.failure)),
            ("outcome", JSON.quoted(episode.grade.outcome.rawValue)),
            ("answer", JSON.quoted(episode.grade.answer)),
            ("canonical_answer", JSON.quoted(episode.grade.canonicalAnswer)),
            ("copied_from_statement", "\(episode.isCopiedFromStatement)"),
            ("neutralized_count", "\(episode.neutralizedCount)"),
            ("reward", JSON.number(episode.reward)), ("seed", "\(episode.seed)"),
            ("temperature", JSON.number(episode.temperature)),
            ("retry_count", "\(episode.retryCount)"),
            ("cached_token_count", "\(episode.cachedTokenCount)"),
            ("total_seconds", JSON.number(episode.times.total)),
            ("inference_seconds", JSON.number(episode.times.inference)),
            ("sandbox_seconds", JSON.number(episode.times.sandbox)),
            ("grading_seconds", JSON.number(episode.times.grading)),
            ("started_at", JSON.number(episode.times.startedAt)), ("rank", "\(stored.rank)"),
            ("turns", list(episode.trajectory.turns.map(turn))),
            ("tool_calls", list(episode.toolCalls.map(call))),
        ]
        if withTokens {
            let trajectory = episode.trajectory
            fields.append(("token_ids", list(trajectory.ids.map { "\($0)" })))
            fields.append(
                (
                    "log_probabilities",
                    list(trajectory.logProbabilities.map { JSON.number($0) })
                )
            )
            fields.append(("loss_mask", list(trajectory.lossMask.map { "\($0)" })))
        }
        return object(fields)
    }

    private var prompt: String {
        episode { $0.role == .prompt }
    }

    private var completion: String {
        episode { $0.role != .prompt }
    }

    private func episode(_ isWanted: (Turn) -> Bool) -> String {
        stored.episode.trajectory.turns.filter(isWanted).map(\.text).joined()
    }

    private func turn(_ turn: Turn) -> String {
        "{\"role\": \(JSON.quoted(turn.role.rawValue)), \"text\": \(JSON.quoted(turn.text)), "
            + "\"token_count\": \(turn.tokens.count), "
            + "\"wall_seconds\": \(JSON.number(turn.wallSeconds)), "
            + "\"stop_reason\": \(JSON.quoted(turn.stopReason))}"
    }

    private func call(_ call: ToolCall) -> String {
        "{\"turn_index\": \(call.turnIndex), \"code\": \(JSON.quoted(call.code)), "
            + "\"output\": \(JSON.quoted(call.output)), \"status\": \(JSON.quoted(call.status)), "
            + "\"wall_seconds\": \(JSON.number(call.wallSeconds)), "
            + "\"peak_bytes\": \(call.peakBytes)}"
    }

    private func list(_ items: [String]) -> String {
        "[" + items.joined(separator: ", ") + "]"
    }

    private func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\(JSON.quoted($0.0)): \($0.1)" }.joined(separator: ", ") + "}\n"
    }
}
