import RolloutModel

/// The order in which training meets the problems: a seeded shuffle for each epoch, one after the
/// other without end.
///
/// Its whole state is how many were drawn, so that a later job goes on at the same place.
struct ProblemStream: Hashable, Sendable {
    /// Problems drawn so far, those that were passed over included.
    private(set) var drawnCount: Int
    private let seed: UInt64
    private let problemCount: Int
    private var epoch = -1
    private var order: [Int] = []

    /// The stream after `drawnCount` draws from `problemCount` problems, 1 or more.
    init(seed: UInt64, problemCount: Int, drawnCount: Int = 0) {
        precondition(problemCount > 0, "there is something to draw")
        self.seed = seed
        self.problemCount = problemCount
        self.drawnCount = drawnCount
    }

    /// The next problem that is not in `excluded`, and the epoch it is from.
    ///
    /// `excluded` must leave at least one problem.
    mutating func next(excluding excluded: Set<Int>) -> (problem: Int, epoch: Int) {
        while true {
            let current = drawnCount / problemCount
            if current != epoch {
                epoch = current
                // The seed of an attempt that is never made: no sample is drawn with these numbers.
                let never = EpisodeTask(
                    problem: ProblemIndex(current),
                    sample: SampleIndex(Int(Int32.max))
                )
                var random = RandomSource(seed: never.seed(runSeed: seed, turnIndex: 0))
                order = random.permutation(of: problemCount)
            }
            let problem = order[drawnCount % problemCount]
            drawnCount += 1
            if !excluded.contains(problem) { return (problem, current) }
        }
    }
}
