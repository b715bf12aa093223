// What a step's file says of the step besides its attempts, as root attributes: enough for the
// trainer to know what to train on, and for a later job to go on.

import RolloutModel
import TraceStore

/// The root attributes of a step's file.
struct StepRecord: Hashable, Sendable {
    /// A step file does not say what it must.
    struct Malformed: Error, CustomStringConvertible {
        let number: Int
        var description: String {
            "step \(number) does not say how many problems were drawn; it is not a step of this program"
        }
    }

    /// Names the run: a step of another one is not trained on.
    let runID: String
    /// One-based number.
    let number: Int
    /// The update that sampled it.
    let policyVersion: Int
    /// Sampling temperature.
    let temperature: Double
    /// Problems of the groups to train on.
    let trainedProblems: [Int]
    /// Problems drawn up to the end of this step.
    let drawnCount: Int

    /// Names and values as they are stored.
    var attributes: [String: String] {
        [
            "run_id": runID, "step": "\(number)", "policy_version": "\(policyVersion)",
            "temperature": "\(temperature)",
            "trained_problems": trainedProblems.map(String.init).joined(separator: " "),
            "problems_drawn": "\(drawnCount)",
        ]
    }

    /// Problems drawn up to the end of the last step of `steps`.
    ///
    /// - Parameters:
    ///   - steps: of the run.
    ///   - plan: what is drawn from: samples of later epochs have higher numbers, which end somewhere.
    /// - Returns: 0 or more.
    /// - Throws: ``Malformed`` when the step does not say, or says what cannot be.
    static func drawnCount(after steps: RunSteps, of plan: JobPlan) throws -> Int {
        guard steps.lastNumber > 0 else { return 0 }
        let groupSize = plan.configuration.training.groupSize
        let epochs = Int(Int32.max) / groupSize / 2
        let (most, isLarge) = plan.problems.count.multipliedReportingOverflow(by: epochs)
        guard let count = steps.lastAttributes["problems_drawn"].flatMap({ Int($0) }), count >= 0,
            isLarge || count < most
        else { throw Malformed(number: steps.lastNumber) }
        return count
    }
}
