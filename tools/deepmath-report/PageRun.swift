import RolloutModel
import TraceStore

/// What the page knows of one run besides its traces: columns, one element per episode, and curves.
struct PageRun {
    private let name: String
    private let facts: [String: String]
    private let problems: [Problem]
    private let table: ResultTable
    private let curve: AccuracyByCount
    private let samples: [RankSample]
    private let training: TrainingCurve
    private let outcomes: [EpisodeOutcome]
    private var answers: [String] = []
    private var rewards: [Double] = []

    init(name: String, reader: TraceReader) throws {
        self.name = name
        facts = try reader.attributes()
        problems = try reader.problems()
        samples = try reader.rankSamples()
        let members = try reader.members()
        outcomes = members.map(\.outcome)
        table = ResultTable([
            RunResult(
                name: name,
                outcomes: outcomes,
                hasIntervals: true,
                throughput: RunThroughput(samples),
                extent: try RecordedExtent.of(reader, outcomes),
                path: reader.path
            )
        ])
        curve = AccuracyByCount(outcomes)
        training = try TrainingCurve(run: name, skippingDamage: Runs.leaveOut)
    }

    /// The next episode, in stored order; nil where its turns cannot be read.
    mutating func add(_ transcript: Transcript?) {
        answers.append(transcript?.grade.answer ?? "")
        rewards.append(transcript?.reward ?? .nan)
    }

    /// Everything as one object.
    func write(to json: inout PageJSON) {
        json.object { json in
            json.key("name")
            json.string(name)
            json.key("facts")
            json.object { json in
                for (name, value) in facts.sorted(by: { $0.key < $1.key }) {
                    json.key(name)
                    json.string(value)
                }
            }
            json.key("table")
            json.list(table.lines) { json, line in
                json.list([line.label, line.text, line.remark]) { $0.string($1) }
            }
            json.key("notes")
            json.list(table.notes(hasPower: true)) { $0.string($1) }
            json.key("problems")
            json.list(problems) { json, problem in
                json.list(
                    [problem.id, problem.statement, problem.answer, problem.subject, problem.level]
                ) { $0.string($1) }
            }
            json.key("episodes")
            json.object(writeColumns)
            writeCurves(to: &json)
        }
    }

    private func writeColumns(_ json: inout PageJSON) {
        func column(_ name: String, _ value: (EpisodeOutcome) -> Int) {
            json.key(name)
            json.list(outcomes) { $0.raw("\(value($1))") }
        }
        column("problem") { $0.task.problem.value }
        column("sample") { $0.task.sample.value }
        column("outcome") { Grade.Outcome.allCases.firstIndex(of: $0.outcome) ?? 0 }
        column("finish") { Episode.Finish.allCases.firstIndex(of: $0.finish) ?? 0 }
        column("tokens", \.outputTokenCount)
        column("calls", \.toolCallCount)
        json.key("reward")
        json.list(rewards) { $0.number($1) }
        json.key("answer")
        json.list(answers) { $0.string($1) }
    }

    private func writeCurves(to json: inout PageJSON) {
        json.key("passAt")
        json.list(curve.pass) { Self.write($1, to: &$0) }
        json.key("allRightAt")
        json.list(curve.allRight) { Self.write($1, to: &$0) }
        json.key("leftOutAt")
        json.list(curve.pass) { $0.raw("\($1.leftOutCount)") }
        json.key("majorityAt")
        json.list(curve.majority) { Self.write($1, to: &$0) }
        json.key("speed")
        json.list(SpeedSeries(samples).points) { json, point in
            json.list([point.seconds / 60, point.tokensPerSecond]) { $0.number($1) }
        }
        json.key("latency")
        json.list(SandboxLatency.sum(samples.map(\.sandboxLatency)).counts) { $0.raw("\($1)") }
        json.key("training")
        json.list(training.points) { json, point in
            let (summary, update) = (point.summary, point.update)
            json.object { json in
                for (name, value) in [
                    ("step", Double(point.step)), ("reward", summary.rewardMean),
                    ("accuracy", summary.accuracy * 100), ("toolUse", summary.toolUse * 100),
                    ("tokens", summary.meanOutputTokens), ("flat", summary.flatGroupShare * 100),
                    ("loss", update?.loss ?? .nan), ("entropy", update?.entropy ?? .nan),
                ] {
                    json.key(name)
                    json.number(value)
                }
            }
        }
    }

    /// A point of a curve, in percent: `[k, value]` or `[k, value, low, high]`.
    private static func write(_ point: AccuracyByCount.Point, to json: inout PageJSON) {
        let interval = point.interval.map { [$0.lowerBound, $0.upperBound] } ?? []
        json.list([Double(point.count)] + ([point.value] + interval).map { $0 * 100 }) {
            $0.number($1)
        }
    }
}
