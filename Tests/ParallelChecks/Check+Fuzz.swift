import Foundation
import MPI
import RolloutModel
import TraceStore

extension Check {
    /// Writes small whole runs to be damaged: packed, in segments, in steps, with unfinished attempts.
    ///
    /// Argument: the directory that gets them.
    static func fuzzBase(_ world: borrowing Communicator, _ arguments: [String]) throws {
        let problems = ExampleRun.problems(4)
        let tasks = ExampleRun.tasks(problemCount: 4, sampleCount: 4)
        func writer(_ name: String) throws -> TraceWriter {
            try TraceWriter(
                directory: arguments[0] + "/" + name,
                over: world,
                attributes: ExampleRun.attributes,
                problems: problems,
                hosts: ExampleRun.hosts
            )
        }
        func batch(_ range: Range<Int>) throws -> [Episode] {
            try tasks[range].map(ExampleRun.episode)
        }
        for (name, isPacked) in [("packed", true), ("segments", false)] {
            let writer = try writer(name)
            for round in 0..<2 {
                try writer.append(
                    EpisodeBatch(try batch(round * 8..<round * 8 + 8)),
                    rankSamples: [ExampleRun.sample(round: round, rank: 0)],
                    over: world
                )
            }
            if isPacked { try writer.pack(over: world) }
        }
        let steps = try writer("steps")
        for step in 1...2 {
            try steps.writeStep(
                step,
                EpisodeBatch(try batch((step - 1) * 8..<step * 8)),
                rankSamples: [ExampleRun.sample(round: step, rank: 0)],
                attributes: ["policy_version": "\(step - 1)", "temperature": "0.9"],
                over: world
            )
        }
        let unfinished = try writer("unfinished")
        try unfinished.append(
            EpisodeBatch(try batch(0..<8)),
            rankSamples: [ExampleRun.sample(round: 0, rank: 0)],
            over: world
        )
        for part in 0..<2 {
            try unfinished.keep(unfinished: try batch(8 + 4 * part..<12 + 4 * part), over: world)
        }
    }

    /// Reads damaged runs in every way, and goes on with each as a job does.
    ///
    /// Says a line before each run, so that a crash can be told to belong to it, and one behind it with the
    /// number of things that were left out. A run that takes more than 20 seconds of a processor, or 300 seconds, ends the process, too.
    /// Arguments: run directories.
    static func fuzz(_ world: borrowing Communicator, _ arguments: [String]) throws {
        // Room for what MPI maps: a length that a file only claims does not fit beside it.
        var memory = rlimit(rlim_cur: 3 << 30, rlim_max: 3 << 30)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &memory)
        for directory in arguments {
            print("reading \(directory)")
            fflush(nil)
            // A busy disk is not a hang: the processor's time is what counts.
            alarm(300)
            limitProcessorTime(seconds: 20)
            let damage = DamagedRun(directory)
            damage.readAll()
            damage.goOn(world)
            alarm(0)
            limitProcessorTime(seconds: 0)
            print("read \(directory): \(damage.messages.count) left out")
            for message in damage.messages.prefix(3) { print("  " + message) }
            try expect(
                damage.messages.allSatisfy { !$0.contains("\n") && !$0.contains("Cocoa") },
                "one line each: \(damage.messages)"
            )
        }
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        try expect(usage.ru_maxrss < 1 << 20, "\(usage.ru_maxrss) KiB of memory")
    }
}

/// Ends the process with SIGPROF after so much time of a processor; 0 takes that back.
private func limitProcessorTime(seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    unsafe setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
}

/// A run with a damaged file, and what its readers say.
private final class DamagedRun {
    let directory: String
    private(set) var messages: [String] = []

    init(_ directory: String) { self.directory = directory }

    /// Runs `body`; what it throws must be one of the typed errors of the bindings.
    private func attempt(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            messages.append("\(error)")
        }
    }

    private func note(_ error: any Error) { messages.append("\(error)") }

    /// All that the verbs of the report compute.
    func readAll() {
        attempt {
            let reader = try TraceReader(run: directory, skippingDamage: note)
            attempt { _ = try reader.attributes() }
            attempt { _ = try reader.hosts() }
            attempt { _ = try reader.groups() }
            attempt { try figures(reader) }
            for row in 0..<reader.episodeCount {
                attempt { _ = try reader.episode(EpisodeRow(row)) }
                attempt { _ = try reader.transcript(EpisodeRow(row)) }
            }
        }
        attempt { _ = try TrainingCurve(run: directory, skippingDamage: note).points }
        attempt { _ = try TraceVerification(run: directory).findings }
    }

    private func figures(_ reader: TraceReader) throws {
        let samples = try reader.rankSamples()
        let outcomes = try reader.outcomes()
        let problems = try reader.problems()
        let result = RunResult(
            name: directory,
            outcomes: outcomes,
            hasIntervals: true,
            throughput: RunThroughput(samples),
            path: reader.path
        )
        for format in ResultTable.Format.allCases { _ = ResultTable([result]).text(format) }
        _ = AccuracyByCount(outcomes)
        _ = SpeedSeries(samples)
        _ = SandboxLatency.sum(samples.map(\.sandboxLatency))
        _ = StepSummary(outcomes)
        let side = RunComparison.Side(problems: problems, outcomes: outcomes)
        _ = RunComparison(side, side)
        _ = EpisodeGroup.groups(try reader.members())
    }

    /// What a job does with a run that is there.
    func goOn(_ world: borrowing Communicator) {
        attempt { _ = try RunSteps(run: directory) }
        let unfinished = UnfinishedEpisodes(run: directory, skippingDamage: note)
        for task in unfinished.tasks { attempt { _ = try unfinished.episode(task) } }
        do {
            let writer = try TraceWriter(
                directory: directory,
                over: world,
                attributes: ExampleRun.attributes,
                problems: ExampleRun.problems(4)
            )
            try writer.append(
                EpisodeBatch([try ExampleRun.episode(ExampleRun.later)]),
                rankSamples: [],
                over: world
            )
            try writer.pack(over: world)
        } catch {
            messages.append("\(error)")
        }
    }
}

extension ExampleRun {
    /// An attempt that no damaged run has.
    fileprivate static var later: EpisodeTask {
        EpisodeTask(problem: ProblemIndex(3), sample: SampleIndex(4))
    }
}
