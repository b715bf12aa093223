import ArgumentParser
import TraceStore

/// `compare A B`: what changed from one run to another, paired by problem.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares two runs, paired by problem.",
        discussion: """
            Differences are the second run minus the first, with 95 % intervals (bootstrap over \
            problems) and p-values (permutation of signs). Problems are matched by their ids.
            """
    )

    @Argument(help: "The run to compare with.")
    var first: String

    @Argument(help: "The run that is compared.")
    var second: String

    @Option(help: "table or json.")
    var output = Output.table

    enum Output: String, ExpressibleByArgument, CaseIterable {
        case table
        case json
    }

    func run() throws {
        let sides = try [first, second].map { run in
            let reader = try Runs.open(run)
            return RunComparison.Side(
                problems: try reader.problems(),
                outcomes: try reader.outcomes()
            )
        }
        guard let comparison = RunComparison(sides[0], sides[1]) else {
            throw TraceError.noEpisode(
                path: second,
                wanted: "any problem that has counted episodes in \(first)"
            )
        }
        switch output {
        case .table: try Terminal.show(table(comparison))
        case .json: try Terminal.show(json(comparison))
        }
    }

    private func lines(
        _ comparison: RunComparison
    ) -> [(name: String, key: String, difference: RunComparison.Difference, scale: Double)] {
        [
            ("accuracy, %", "accuracy", comparison.accuracy, 100),
            ("majority, %", "majority", comparison.majority, 100),
            ("output length, tokens", "mean_output_tokens", comparison.outputTokens, 1),
        ]
    }

    private func table(_ comparison: RunComparison) -> String {
        var rows = [["", first, second, "change", "95 % interval", "p"]]
        for (name, _, difference, scale) in lines(comparison) {
            rows.append([
                name, decimal(difference.first * scale, 2), decimal(difference.second * scale, 2),
                (difference.change > 0 ? "+" : "") + decimal(difference.change * scale, 2),
                "[\(decimal(difference.interval.lowerBound * scale, 2)), "
                    + "\(decimal(difference.interval.upperBound * scale, 2))]",
                decimal(difference.pValue, 4),
            ])
        }
        return TextTable(rows).text
            + "\nproblems in both runs: \(comparison.sharedCount), in one alone: "
            + "\(comparison.unsharedCount)\n" + flips("became right", comparison.becameRight)
            + flips("became wrong", comparison.becameWrong)
    }

    private func flips(_ what: String, _ ids: [String]) -> String {
        "\(what): \(ids.count)" + (ids.isEmpty ? "" : ": ") + ids.joined(separator: " ") + "\n"
    }

    private func json(_ comparison: RunComparison) -> String {
        var fields = [
            "\"first\": " + JSON.quoted(first), "\"second\": " + JSON.quoted(second),
            "\"shared_problems\": \(comparison.sharedCount)",
            "\"unshared_problems\": \(comparison.unsharedCount)",
        ]
        for (_, key, difference, _) in lines(comparison) {
            fields.append(
                """
                "\(key)": {"first": \(difference.first), "second": \(difference.second), \
                "change": \(difference.change), "interval": [\(difference.interval.lowerBound), \
                \(difference.interval.upperBound)], "p": \(difference.pValue)}
                """
            )
        }
        for (key, ids) in [
            ("became_right", comparison.becameRight), ("became_wrong", comparison.becameWrong),
        ] {
            fields.append("\"\(key)\": [" + ids.map(JSON.quoted).joined(separator: ", ") + "]")
        }
        return "{\n" + fields.map { "  " + $0 }.joined(separator: ",\n") + "\n}\n"
    }
}
