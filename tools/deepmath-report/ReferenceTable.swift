import RolloutModel
import TraceStore

/// Majority and output length of runs beside the published figures: a line for each method and
/// data set.
struct ReferenceTable {
    /// One run's attempts at one data set.
    struct Entry {
        let method: Method
        /// The data set's own name.
        let dataset: String
        let outcomes: [EpisodeOutcome]
    }

    private struct Line {
        let method: Method
        let dataset: String
        let published: PublishedFigure?
        /// Nil for a published cell that no run is for.
        let statistics: RunStatistics?
        let majorityInterval: ClosedRange<Double>?
    }

    private let lines: [Line]

    /// The table of `entries`; published cells without one are there as well.
    ///
    /// Runs of the same method over the same data set are one line: their problems add up.
    init(_ entries: [Entry]) {
        lines = Method.allCases.flatMap { method in
            let groups = Dictionary(grouping: entries.filter { $0.method == method }, by: \.dataset)
            let own = groups.sorted { $0.key < $1.key }.map { dataset, entries in
                let outcomes = entries.enumerated().flatMap { Self.apart($1.outcomes, run: $0) }
                return Line(
                    method: method,
                    dataset: dataset,
                    published: Benchmark(dataset: dataset).map { PublishedFigure.of(method, $0) },
                    statistics: RunStatistics(outcomes),
                    majorityInterval: RunIntervals(outcomes)?.majority
                )
            }
            let covered = Set(groups.keys.compactMap(Benchmark.init(dataset:)))
            let missing = Benchmark.allCases.filter { !covered.contains($0) }.map { benchmark in
                Line(
                    method: method,
                    dataset: benchmark.rawValue,
                    published: .of(method, benchmark),
                    statistics: nil,
                    majorityInterval: nil
                )
            }
            return own + missing
        }
    }

    /// The table in one of its forms, ending in a newline.
    func text(_ format: ResultTable.Format) -> String {
        switch format {
        case .table: TextTable([Self.header] + lines.map(Self.words)).text
        case .csv:
            ([Self.keys] + lines.map { line in Self.fields(line).map { $0 ?? "" } })
                .map { $0.map(CSV.quoted).joined(separator: ",") + "\n" }.joined()
        case .json:
            "[\n"
                + lines.map { line in
                    let members = zip(Self.keys, Self.fields(line)).map { key, field in
                        let isText = key == "method" || key == "dataset"
                        return JSON.quoted(key) + ": "
                            + (isText ? JSON.quoted(field ?? "") : field ?? "null")
                    }
                    return "  {" + members.joined(separator: ", ") + "}"
                }.joined(separator: ",\n") + "\n]\n"
        }
    }

    private static let header = [
        "method", "data set", "problems", "samples", "majority@k", "published", "output tokens",
        "published",
    ]
    private static let keys = [
        "method", "dataset", "problems", "samples", "majority", "majority_low", "majority_high",
        "published_majority", "mean_output_tokens", "published_output_tokens",
    ]

    private static func words(_ line: Line) -> [String] {
        var majority = "-"
        if let statistics = line.statistics {
            let figure = RoundedFigure(
                statistics.majority,
                line.majorityInterval,
                scale: 100,
                decimals: 2
            )
            majority = figure.number + " %" + (figure.range.map { " " + $0 } ?? "")
        }
        return [
            line.method.rawValue, line.dataset,
            line.statistics.map { "\($0.problemCount)" } ?? "-",
            line.statistics.map { "\($0.sampleCount)" } ?? "-",
            majority,
            line.published.map { decimal($0.majorityPercent, 2) + " %" } ?? "-",
            line.statistics.map { decimal($0.meanOutputTokens, 0) } ?? "-",
            line.published.map { decimal($0.outputTokens, 0) } ?? "-",
        ]
    }

    private static func fields(_ line: Line) -> [String?] {
        [
            line.method.rawValue, line.dataset,
            line.statistics.map { "\($0.problemCount)" },
            line.statistics.map { "\($0.sampleCount)" },
            line.statistics.map { "\($0.majority)" },
            line.majorityInterval.map { "\($0.lowerBound)" },
            line.majorityInterval.map { "\($0.upperBound)" },
            // A share like ours; the division leaves no more digits than were published.
            line.published.map { decimal($0.majorityPercent / 100, 4) },
            line.statistics.map { "\($0.meanOutputTokens)" },
            line.published.map { decimal($0.outputTokens, 0) },
        ]
    }

    /// The outcomes with problem numbers that no other run of the line has.
    private static func apart(_ outcomes: [EpisodeOutcome], run: Int) -> [EpisodeOutcome] {
        guard run > 0 else { return outcomes }
        return outcomes.map { outcome in
            let problem = ProblemIndex(outcome.task.problem.value + run << 32)
            return EpisodeOutcome(
                task: EpisodeTask(problem: problem, sample: outcome.task.sample),
                status: outcome.status,
                finish: outcome.finish,
                outcome: outcome.outcome,
                voteKey: outcome.voteKey,
                outputTokenCount: outcome.outputTokenCount,
                toolCallCount: outcome.toolCallCount,
                wallSeconds: outcome.wallSeconds,
                reward: outcome.reward,
                isCopiedFromStatement: outcome.isCopiedFromStatement
            )
        }
    }
}
