/// Consecutive problems given to one worker, each with a range of samples.
public struct Shard: Hashable, Sendable {
    /// The problems, in data-set order, as zero-based indices.
    public let problems: Range<Int>
    /// The samples of each of them, as zero-based indices.
    public let samples: Range<Int>

    /// A shard of `problems.count * samples.count` attempts; neither range is empty.
    public init(problems: Range<Int>, samples: Range<Int>) {
        precondition(!problems.isEmpty && !samples.isEmpty, "a shard is not empty")
        self.problems = problems
        self.samples = samples
    }

    /// The attempts, a problem's samples together: they share a prompt, and so the prefix cache.
    public var tasks: [EpisodeTask] {
        problems.flatMap { problem in
            samples.map { EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex($0)) }
        }
    }
}
