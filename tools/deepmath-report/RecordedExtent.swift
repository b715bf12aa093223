import Configuration
import RolloutModel
import TraceStore

/// How much of a run there is, against what its recorded configuration asks for.
enum RecordedExtent {
    /// The extent of a run; nil when its files do not say how much there is to be.
    ///
    /// - Parameters:
    ///   - reader: of the run.
    ///   - outcomes: the attempts that it has.
    /// - Returns: attempts, or steps of training.
    /// - Throws: `TraceError`.
    static func of(_ reader: TraceReader, _ outcomes: [EpisodeOutcome]) throws -> RunExtent? {
        guard let job = try configuration(reader) else { return nil }
        let stepCount = reader.stepCount
        guard stepCount == 0 else {
            return RunExtent(
                unit: .steps,
                madeCount: stepCount,
                wantedCount: job.training.steps
            )
        }
        return RunExtent(
            madeCount: Set(outcomes.map(\.task)).count,
            problemCount: try reader.problems().count,
            sampleCount: job.run.samples
        )
    }

    /// What the run was made with; nil when that is not recorded, or by a program of another version that
    /// has other keys: the numbers of the run can be told all the same.
    private static func configuration(_ reader: TraceReader) throws -> JobConfiguration? {
        do {
            return try RecordedJob.configuration(reader, overrides: [])
        } catch is RecordedJob.Missing {
            return nil
        } catch is ConfigurationError {
            return nil
        }
    }
}
