import RolloutModel
import TraceStore

/// Comparisons of runs as text: one family of tests.
struct ComparisonText {
    private let pairs: [ComparedPair]
    /// For each pair, the adjusted p-value of each of its metrics.
    private let adjusted: [[Double]]

    private struct Metric {
        let name: String
        let key: String
        let difference: RunComparison.Difference
        let scale: Double
        /// Decimals at most.
        let decimals: Int
    }

    /// The text of `pairs`, whose p-values are adjusted together.
    init(_ pairs: [ComparedPair]) {
        self.pairs = pairs
        let values = pairs.map { Self.metrics($0.comparison).map(\.difference.pValue) }
        var rest = HolmAdjustment.adjusted(values.flatMap { $0 })[...]
        adjusted = values.map { values in
            defer { rest = rest.dropFirst(values.count) }
            return Array(rest.prefix(values.count))
        }
    }

    private static func metrics(_ comparison: RunComparison) -> [Metric] {
        [
            Metric(
                name: "accuracy, %",
                key: "accuracy",
                difference: comparison.accuracy,
                scale: 100,
                decimals: 2
            ),
            Metric(
                name: "majority, %",
                key: "majority",
                difference: comparison.majority,
                scale: 100,
                decimals: 2
            ),
            Metric(
                name: "output tokens",
                key: "mean_output_tokens",
                difference: comparison.outputTokens,
                scale: 1,
                decimals: 2
            ),
        ]
    }

    /// The p-values of the family.
    private var familySize: Int { adjusted.reduce(0) { $0 + $1.count } }

    /// For people.
    var table: String {
        let texts = zip(pairs, adjusted).map(Self.block)
        var runs: [ComparedRun] = []
        for pair in pairs {
            for run in [pair.first, pair.second]
            where !runs.contains(where: { $0.name == run.name }) {
                runs.append(run)
            }
        }
        let notes =
            [
                "Holm p is adjusted for the \(familySize) p-values of this call: a difference of 0.05 "
                    + "or less stands among all of them."
            ] + runs.compactMap { ResultNotes.unfinished($0.name, $0.extent) }
        return texts.joined(separator: "\n") + notes.map { "\n" + Paragraph.lines($0) }.joined()
    }

    private static func block(_ pair: ComparedPair, _ adjusted: [Double]) -> String {
        let comparison = pair.comparison
        var rows = [["", "first", "second", "change", "95 % interval", "p", "Holm p"]]
        for (metric, adjusted) in zip(metrics(comparison), adjusted) {
            let difference = metric.difference
            let figure = RoundedFigure(
                difference.change,
                difference.interval,
                scale: metric.scale,
                decimals: metric.decimals
            )
            rows.append([
                metric.name, figure.alike(difference.first), figure.alike(difference.second),
                (difference.change > 0 ? "+" : "") + figure.number, figure.range ?? "-",
                pText(difference.pValue), pText(adjusted),
            ])
        }
        return "first   \(pair.first.name)\nsecond  \(pair.second.name)\n"
            + (pair.part.map { "part    \($0)\n" } ?? "") + "\n" + TextTable(rows).text
            + "\nproblems in both runs: \(comparison.sharedCount), in one alone: "
            + "\(comparison.unsharedCount)\n" + flips("became right", comparison.becameRight)
            + flips("became wrong", comparison.becameWrong)
            + (ResultNotes.power(comparison.power).map { Paragraph.lines($0) } ?? "")
    }

    /// Four decimals; what they would round to 0 is below the least of them.
    private static func pText(_ value: Double) -> String {
        value < 0.000_1 ? "<0.0001" : decimal(value, 4)
    }

    private static func flips(_ what: String, _ ids: [String]) -> String {
        "\(what): \(ids.count)" + (ids.isEmpty ? "" : ": ") + ids.joined(separator: " ") + "\n"
    }

    /// For programs: an object, or a list of objects when there are several comparisons.
    var json: String {
        let objects = zip(pairs, adjusted).map(object)
        return objects.count == 1
            ? objects[0] + "\n" : "[\n" + objects.joined(separator: ",\n") + "\n]\n"
    }

    private func object(_ pair: ComparedPair, _ adjusted: [Double]) -> String {
        let comparison = pair.comparison
        var fields = [
            "\"first\": " + JSON.quoted(pair.first.name),
            "\"second\": " + JSON.quoted(pair.second.name),
        ]
        fields += pair.part.map { ["\"part\": " + JSON.quoted($0)] } ?? []
        for (name, extent) in [("first", pair.first.extent), ("second", pair.second.extent)] {
            let unit = extent?.unit == .steps ? "steps" : "attempts"
            fields.append("\"\(name)_\(unit)_made\": \(Self.number(extent?.madeCount))")
            fields.append("\"\(name)_\(unit)_wanted\": \(Self.number(extent?.wantedCount))")
        }
        fields += [
            "\"shared_problems\": \(comparison.sharedCount)",
            "\"unshared_problems\": \(comparison.unsharedCount)",
            "\"p_values_in_family\": \(familySize)",
        ]
        for (metric, adjusted) in zip(Self.metrics(comparison), adjusted) {
            let difference = metric.difference
            let interval =
                difference.interval.map { "[\($0.lowerBound), \($0.upperBound)]" } ?? "null"
            fields.append(
                """
                "\(metric.key)": {"first": \(difference.first), "second": \(difference.second), \
                "change": \(difference.change), "interval": \(interval), \
                "p": \(difference.pValue), "p_holm": \(adjusted)}
                """
            )
        }
        fields += [
            "\"first_samples\": \(Self.number(comparison.power?.sampleCount))",
            "\"second_samples\": \(Self.number(comparison.power?.secondSampleCount))",
            "\"problems_to_tell_1_point\": \(Self.number(comparison.power?.problemCount))",
        ]
        for (key, ids) in [
            ("became_right", comparison.becameRight), ("became_wrong", comparison.becameWrong),
        ] {
            fields.append("\"\(key)\": [" + ids.map(JSON.quoted).joined(separator: ", ") + "]")
        }
        return "{\n" + fields.map { "  " + $0 }.joined(separator: ",\n") + "\n}"
    }

    private static func number(_ count: Int?) -> String { count.map { "\($0)" } ?? "null" }
}
