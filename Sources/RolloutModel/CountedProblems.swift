/// The episodes that count, problem by problem: what every figure of a run is a mean over.
struct CountedProblems {
    /// The counted episodes of each problem with any, in the order of problems and samples.
    let groups: [[EpisodeOutcome]]
    /// Right answers among them.
    let rightCounts: [Int]

    /// The problems of `outcomes`, in any order.
    init(_ outcomes: [EpisodeOutcome]) {
        groups = Dictionary(grouping: outcomes.filter(RunStatistics.counts), by: \.task.problem)
            .sorted { $0.key < $1.key }.map { $0.value.sorted { $0.task < $1.task } }
        rightCounts = groups.map { $0.count { $0.outcome == .right } }
    }

    /// The largest number of counted samples of a problem.
    var largestCount: Int { groups.map(\.count).max() ?? 0 }

    /// Share of right samples of each problem.
    var accuracies: [Double] {
        zip(rightCounts, groups).map { Double($0) / Double($1.count) }
    }

    /// The majority vote of each problem.
    var majorities: [Double] { groups.map(RunStatistics.majorityIsRight) }

    /// The share of each problem's episodes for which `isTrue`.
    func shares(_ isTrue: (EpisodeOutcome) -> Bool) -> [Double] {
        groups.map { Double($0.count(where: isTrue)) / Double($0.count) }
    }

    /// The sum of a number over each problem's episodes.
    func sums(_ number: (EpisodeOutcome) -> Int) -> [Double] {
        groups.map { $0.reduce(0.0) { $0 + Double(number($1)) } }
    }

    /// The counted episodes of each problem.
    var counts: [Double] { groups.map { Double($0.count) } }

    /// A chance among `k` samples of each problem, such as ``RepeatedSampling/anyRight(_:right:of:)``; nil
    /// for a problem with fewer counted samples.
    func chances(_ k: Int, _ chance: (_ k: Int, _ right: Int, _ total: Int) -> Double) -> [Double?]
    {
        zip(rightCounts, groups).map { $1.count >= k ? chance(k, $0, $1.count) : nil }
    }

    /// Problems with fewer than `k` counted samples.
    func leftOutCount(_ k: Int) -> Int { groups.count { $0.count < k } }

    /// Right answers and samples of each problem.
    var tallies: [PairedPower.Tally] {
        zip(rightCounts, groups).map { .init(rightCount: $0, sampleCount: $1.count) }
    }
}

extension CountedProblems {
    /// Every figure that is a mean over problems of a number from 0 to 1: its column of one number for each
    /// problem, nil for one that is left out.
    ///
    /// ``RunStatistics`` has the means of these columns, ``RunIntervals`` their intervals.
    ///
    /// - Parameter ks: the k of pass@k and pass^k, each within 1...``largestCount``.
    /// - Returns: 0...1 each.
    func columns(_ ks: [Int]) -> RateColumns<[Double?]> {
        let stableK = RunStatistics.stableCount(largestCount)
        return RateColumns(
            accuracy: accuracies,
            majority: majorities,
            passAt: ks.map { chances($0, RepeatedSampling.anyRight) },
            allRightAt: ks.map { chances($0, RepeatedSampling.allRight) },
            stable: stableK.map { k in
                RepeatedSampling.thresholds.map { threshold in
                    chances(k) {
                        RepeatedSampling.stablyRight(threshold, of: $0, right: $1, of: $2)
                    }
                }
            } ?? [],
            meanStable: stableK.map { chances($0, RepeatedSampling.meanStablyRight) },
            truncation: shares(RunStatistics.isTruncated),
            stepLimit: shares { $0.finish == .stepLimit },
            copied: shares(\.isCopiedFromStatement)
        )
    }
}

/// One thing for each rate of a run.
struct RateColumns<Element> {
    var accuracy: Element
    var majority: Element
    /// One for each k that was asked for.
    var passAt: [Element]
    /// One for each k that was asked for.
    var allRightAt: [Element]
    /// For ``RepeatedSampling/thresholds``; empty with too few samples.
    var stable: [Element]
    /// Nil with too few samples.
    var meanStable: Element?
    var truncation: Element
    var stepLimit: Element
    var copied: Element

    /// All of them in one order.
    var all: [Element] {
        [accuracy, majority, truncation, stepLimit, copied] + passAt + allRightAt + stable
            + (meanStable.map { [$0] } ?? [])
    }

    /// The same rates with the elements of `list`, which has the order of ``all``.
    func with<Other>(_ list: [Other]) -> RateColumns<Other> {
        precondition(list.count == all.count, "one element for each rate")
        var rest = list[5...]
        func next(_ count: Int) -> [Other] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        let (pass, allRight) = (next(passAt.count), next(allRightAt.count))
        let stable = next(stable.count)
        return RateColumns<Other>(
            accuracy: list[0],
            majority: list[1],
            passAt: pass,
            allRightAt: allRight,
            stable: stable,
            meanStable: rest.first,
            truncation: list[2],
            stepLimit: list[3],
            copied: list[4]
        )
    }
}
