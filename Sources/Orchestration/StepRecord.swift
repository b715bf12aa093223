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
    static func drawnCount(after steps: RunSteps) throws -> Int {
        guard steps.lastNumber > 0 else { return 0 }
        guard let text = steps.lastAttributes["problems_drawn"], let count = Int(text) else {
            throw Malformed(number: steps.lastNumber)
        }
        return count
    }
}
