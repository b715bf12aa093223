// The last step of an attempt: its verdict, and what is said of its answer besides.

import Grading
import RolloutModel
import Synchronization

extension EpisodeRunner {
    /// Attempts in a row that no grader could be started for.
    private static let mostUngraded = 3

    /// Asks the grader for the verdict on an attempt that has an end of its own.
    func grade(_ attempt: inout Attempt, problem: Problem) async throws {
        guard attempt.finish != .failure else { return }
        whereabouts.note(attempt.task, waitsFor: .grader)
        let prose = attempt.loop.gradedText(at: attempt.finish)
        do {
            let (grade, _) = try await timed(&attempt.times.grading) {
                try await grader.grade(gold: problem.answer, modelText: prose)
            }
            attempt.grade = grade
            attempt.isCopiedFromStatement = CopiedAnswer.isCopied(
                grade.answer,
                from: problem.statement,
                gold: problem.answer
            )
            if grade.outcome == .error { attempt.status = .grading }
            ungraded.count.withLock { $0 = 0 }
        } catch let error as GradingError where !Task.isCancelled {
            let count = ungraded.count.withLock { count in
                count += 1
                return count
            }
            // Other ranks' graders may be well.
            guard count <= Self.mostUngraded else { throw error }
            attempt.status = .grading
            attempt.failure = "\(error)"
        }
    }
}

/// How many attempts in a row could not be graded at all.
final class Ungraded: Sendable {
    let count = Mutex(0)
}
