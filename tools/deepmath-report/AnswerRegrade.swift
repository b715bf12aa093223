import Foundation
import Grading
import RolloutModel
import Rollouts
import TraceStore

/// The episodes of a run, graded again: which verdicts are other ones now.
struct AnswerRegrade {
    /// A verdict that changed.
    struct Change: Sendable {
        let task: EpisodeTask
        let gold: String
        let recorded: Grade
        let grade: Grade
    }

    /// Processors of this machine.
    static var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// Episodes that were graded.
    let gradedCount: Int
    /// What changed, in the order of rows.
    let changes: [Change]
    /// Share of right answers as recorded, and with the new verdicts.
    let accuracies: (then: Double, now: Double)

    /// Answers that were copied from the statement, as recorded, and as read now.
    let copiedCounts: (then: Int, now: Int)

    /// An episode graded again.
    private struct Regraded: Sendable {
        let task: EpisodeTask
        let gold: String
        let recorded: Grade
        let grade: Grade
        let isCopied: Bool

        var isSame: Bool {
            grade.outcome == recorded.outcome && grade.answer == recorded.answer
                && grade.canonicalAnswer == recorded.canonicalAnswer
        }
    }

    /// Grades everything again, `inFlight` episodes at a time.
    ///
    /// - Throws: `TraceError`, `GradingError`.
    init(_ reader: TraceReader, pool: GraderPool, isAgent: Bool, inFlight: Int) throws {
        let problems = try reader.problems()
        var gradedCount = 0
        let found = try TranscriptPass.results(
            reader,
            progress: ProgressBar("grading", total: reader.episodeCount),
            inFlight: inFlight
        ) { transcript -> (@Sendable () async throws -> Regraded)? in
            guard transcript.finish != .failure else { return nil }
            let problem = try problems.of(transcript.task, in: reader)
            gradedCount += 1
            return { try await Self.regraded(transcript, problem, isAgent: isAgent, pool) }
        }
        self.gradedCount = gradedCount
        changes = found.filter { !$0.isSame }.sorted { $0.task < $1.task }.map {
            Change(task: $0.task, gold: $0.gold, recorded: $0.recorded, grade: $0.grade)
        }
        let outcomes = try reader.outcomes()
        copiedCounts = (
            outcomes.count(where: \.isCopiedFromStatement), found.count(where: \.isCopied)
        )
        let new = Dictionary(changes.map { ($0.task, $0.grade) }) { first, _ in first }
        accuracies = (
            RunStatistics(outcomes).accuracy,
            RunStatistics(outcomes.map { $0.graded(new[$0.task]) }).accuracy
        )
    }

    private static func regraded(
        _ transcript: Transcript,
        _ problem: Problem,
        isAgent: Bool,
        _ pool: GraderPool
    ) async throws -> Regraded {
        let text = AgentLoop.gradedText(
            of: transcript.turns,
            isAgent: isAgent,
            opensThought: transcript.opensThought,
            finish: transcript.finish
        )
        let grade = try await pool.grade(gold: problem.answer, modelText: text)
        return Regraded(
            task: transcript.task,
            gold: problem.answer,
            recorded: transcript.grade,
            grade: grade,
            isCopied: CopiedAnswer.isCopied(
                grade.answer,
                from: problem.statement,
                gold: problem.answer
            )
        )
    }
}

extension EpisodeOutcome {
    /// The episode with another verdict.
    fileprivate func graded(_ grade: Grade?) -> EpisodeOutcome {
        guard let grade else { return self }
        return EpisodeOutcome(
            task: task,
            status: grade.outcome == .error ? .grading : status == .grading ? .completed : status,
            finish: finish,
            outcome: grade.outcome,
            voteKey: grade.voteKey,
            outputTokenCount: outputTokenCount,
            toolCallCount: toolCallCount,
            wallSeconds: wallSeconds,
            isCopiedFromStatement: isCopiedFromStatement
        )
    }
}
