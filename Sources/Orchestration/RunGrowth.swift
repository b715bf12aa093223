// A run may grow: more samples of each problem, and more problems after those it has. Then only what
// is missing is done, and the rows are those of a run that was as large from the start, because an
// attempt depends on its problem and sample alone. What is stored decides, not the kept
// configuration: a job that asked for more and made nothing of it has bound nobody.

import RolloutModel
import TraceStore

/// What a run directory holds against what a job asks for.
enum RunGrowth {
    /// The job asks for less than there is, or for other problems.
    struct Loss: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    /// Checks that nothing of the run falls out of what `plan` asks for.
    ///
    /// - Important: rank 0 alone calls it, holding the lock.
    /// - Throws: ``Loss``, or an error of the store.
    static func check(_ plan: JobPlan, in directory: RunDirectory) throws {
        let reader: TraceReader
        do {
            reader = try TraceReader(run: directory.path)
        } catch TraceError.emptyRun {
            return
        }
        let kept = UnfinishedEpisodes(run: directory.path) { _ in }
        try check(
            stored: reader.problems(),
            tasks: reader.tasks() + kept.tasks,
            wanted: plan.problems,
            sampleCount: plan.configuration.run.samples,
            path: directory.path
        )
    }

    /// Checks `stored` problems and attempts of them against the `wanted` ones.
    ///
    /// - Throws: ``Loss`` that names what would be lost.
    static func check(
        stored: [Problem],
        tasks: [EpisodeTask],
        wanted: [Problem],
        sampleCount: Int,
        path: String
    ) throws(Loss) {
        let remedy = "or choose another directory with --run"
        for (index, (old, new)) in zip(stored, wanted).enumerated() where old != new {
            throw Loss(
                description:
                    "\(path): problem \(index + 1) of the run is \"\(old.id)\", and the data set has "
                    + (old.id == new.id ? "another text of it" : "\"\(new.id)\" there")
                    + "; a run keeps its problems and may only gain others after them: undo the "
                    + "change, \(remedy)"
            )
        }
        if wanted.count < stored.count {
            let lost = tasks.count { $0.problem.value >= wanted.count }
            throw Loss(
                description:
                    "\(path): the run has \(stored.count) problems, dataset.path and dataset.limit "
                    + "give \(wanted.count): those from \"\(stored[wanted.count].id)\" on would be "
                    + "left out, with \(lost) stored attempts; put them back, \(remedy)"
            )
        }
        let beyond = tasks.filter { $0.sample.value >= sampleCount }
        if let last = beyond.map(\.sample.value).max() {
            throw Loss(
                description:
                    "\(path): run.samples: \(sampleCount) would leave out \(beyond.count) stored "
                    + "attempts; ask for \(last + 1) or more, \(remedy)"
            )
        }
    }
}
