// What the suite runs: one question, answered by figures.

/// How much an experiment repeats.
enum Scale: Sendable {
    /// Seconds; a guard against gross regressions, bounds are widened.
    case quick
    /// As long as the figures need to be steady.
    case full
}

/// One question about the program's speed or memory.
///
/// An experiment measures its baselines itself, in the same run, turn by turn with what it compares
/// them to where the machine's load could drift.
protocol Experiment: Sendable {
    /// As typed: `tools/bench NAME`.
    static var name: String { get }
    /// For example `What does a new sandbox session cost?`.
    static var question: String { get }

    /// Measures, on the main thread: HDF5 belongs to it, and what is asynchronous goes through
    /// `BlockingTask`.
    ///
    /// - Throws: what kept it from measuring; that fails the suite.
    static func figures(_ scale: Scale) throws -> [Figure]
}
