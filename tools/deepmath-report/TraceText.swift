import RolloutModel
import TraceStore

/// An episode as text for people: what it was about, what became of it, then turn after turn.
struct TraceText {
    let problem: Problem
    let episode: Episode
    let isColored: Bool

    /// The ways text is set apart on a terminal (ECMA-48).
    private enum Style: String {
        case heading = "1"
        case quiet = "2"
        case code = "36"
        case output = "33"
        case right = "32"
        case wrong = "31"
    }

    var text: String {
        header + episode.trajectory.turns.indices.map(turn).joined()
            + (episode.failure.isEmpty ? "" : "\n" + styled(episode.failure, .wrong) + "\n")
    }

    private var header: String {
        let grade = episode.grade
        let trajectory = episode.trajectory
        let place = [problem.subject, problem.level].filter { !$0.isEmpty }
        let verdict = styled(grade.outcome.rawValue, grade.outcome == .right ? .right : .wrong)
        let lines = [
            ("problem", ([problem.id] + place).joined(separator: ", ")),
            ("expected", problem.answer),
            (
                "answer",
                (grade.answer.isEmpty ? "none" : grade.answer) + " (\(verdict))"
                    + (episode.isCopiedFromStatement ? ", copied from the statement" : "")
            ),
            (
                "sample",
                "\(episode.task.sample), seed \(episode.seed), "
                    + "temperature \(decimal(episode.temperature, 2))"
            ),
            ("ended", "\(episode.finish.rawValue), \(episode.status.rawValue)"),
            (
                "tokens",
                "\(trajectory.tokenCount(of: .prompt)) prompt, "
                    + "\(trajectory.tokenCount(of: .model)) sampled, "
                    + "\(trajectory.tokenCount(of: .tool)) tool"
                    + (episode.neutralizedCount == 0
                        ? "" : "; \(episode.neutralizedCount) texts of special tokens broken")
            ),
            (
                "time",
                "\(decimal(episode.times.total, 2)) s: engine "
                    + "\(decimal(episode.times.inference, 2)), interpreter "
                    + "\(decimal(episode.times.sandbox, 2)), grader "
                    + "\(decimal(episode.times.grading, 2))"
            ),
        ]
        return lines.map { name, value in
            styled(name, .quiet) + String(repeating: " ", count: 10 - name.count) + value + "\n"
        }.joined()
    }

    private func turn(_ index: Int) -> String {
        let turn = episode.trajectory.turns[index]
        let call = episode.toolCalls.last { $0.turnIndex == index - 1 }
        let facts: String
        let body: String
        switch turn.role {
        case .prompt:
            facts = ""
            body = turn.text
        case .model:
            facts = turn.stopReason.isEmpty ? "" : ", \(turn.stopReason)"
            body = episode.toolCalls.filter { $0.turnIndex == index && !$0.code.isEmpty }
                .reduce(turn.text) { text, call in
                    text.replacing(call.code, with: styled(call.code, .code), maxReplacements: 1)
                }
        case .tool:
            facts = call.map { ", \($0.status), \(decimal($0.wallSeconds, 3)) s" } ?? ""
            body = styled(turn.text, .output)
        }
        let heading =
            "\(turn.role.rawValue), \(turn.tokens.count) tokens, "
            + "\(decimal(turn.wallSeconds, 2)) s\(facts)"
        return "\n" + styled("── " + heading + " ──", .heading) + "\n"
            + body + (body.hasSuffix("\n") ? "" : "\n")
    }

    /// Line by line, so that a pager that shows one screen keeps the colour.
    private func styled(_ text: String, _ style: Style) -> String {
        guard isColored else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "\u{1B}[\(style.rawValue)m\($0)\u{1B}[0m" }
            .joined(separator: "\n")
    }
}
