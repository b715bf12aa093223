internal import RolloutModel

/// One number of a result table, for people and for programs.
struct ResultLine: Sendable {
    /// What a number is, for programs.
    enum Value: Sendable {
        case count(Int)
        case real(Double)
        case text(String)
        /// There is no such number.
        case absent
    }

    /// Where a line stands among the lines of other runs; lines of one section go by their samples.
    enum Section: Int, Comparable, Sendable {
        case counts, rates, anyRight, allRight, stability, means, speed, power, place

        static func < (left: Section, right: Section) -> Bool { left.rawValue < right.rawValue }
    }

    /// Its name for people.
    let label: String
    /// Its name for programs.
    let key: String
    /// The number with its unit, for people.
    let number: String
    /// What follows the number: its interval, problems left out; may be empty.
    var remark = ""
    /// The number in full.
    let value: Value
    /// Its 95 % interval, in the unit of the value.
    var interval: ClosedRange<Double>?
    /// Problems that it leaves out; nil for a number that never does.
    var leftOutCount: Int?
    /// Where it stands.
    let section: Section
    /// For numbers of k samples: k.
    var sampleCount = 0
    /// Whether tables for people have it.
    var isForPeople = true

    /// The number and what follows it.
    var text: String { remark.isEmpty ? number : number + " " + remark }

    /// All lines of one result.
    static func lines(_ result: RunResult) -> [ResultLine] {
        countLines(result) + rateLines(result) + repeatedLines(result) + stabilityLines(result)
            + meanLines(result) + speedLines(result) + powerLines(result) + [
                ResultLine(
                    label: "traces",
                    key: "traces",
                    number: result.path,
                    value: .text(result.path),
                    section: .place
                )
            ]
    }

    private static func countLines(_ result: RunResult) -> [ResultLine] {
        let numbers = result.statistics
        return [
            count("problems", numbers.problemCount), count("samples", numbers.sampleCount),
            count("episodes", numbers.episodeCount), count("failures", numbers.failureCount),
        ] + extentLines(result.extent)
    }

    /// How much there is of how much, for programs; people read it in a sentence (``ResultNotes``).
    private static func extentLines(_ extent: RunExtent?) -> [ResultLine] {
        [("made", extent?.madeCount), ("wanted", extent?.wantedCount)].map { name, count in
            ResultLine(
                label: "\(name)",
                key: extent?.unit == .steps ? "steps_\(name)" : "attempts_\(name)",
                number: count.map { "\($0)" } ?? "-",
                value: count.map { .count($0) } ?? .absent,
                section: .counts,
                isForPeople: false
            )
        }
    }

    private static func rateLines(_ result: RunResult) -> [ResultLine] {
        let (numbers, intervals) = (result.statistics, result.intervals)
        return [
            share("accuracy (average@k)", "accuracy", numbers.accuracy, intervals?.accuracy),
            share("majority@k", "majority", numbers.majority, intervals?.majority),
        ]
    }

    /// pass@k and pass^k.
    private static func repeatedLines(_ result: RunResult) -> [ResultLine] {
        let (numbers, intervals) = (result.statistics, result.intervals)
        let counts = RunStatistics.shownCounts(numbers.sampleCount)
        let anyRight = counts.map { k in
            repeated(
                "pass@\(k)",
                "pass_at_\(k)",
                numbers.passAt[k - 1],
                intervals?.passAt[k],
                .anyRight,
                k,
                leftOut: numbers.leftOutAt[k - 1]
            )
        }
        // pass^1 is pass@1.
        let allRight = counts.filter { $0 > 1 }.map { k in
            repeated(
                "pass^\(k)",
                "pass_all_\(k)",
                numbers.allRightAt[k - 1],
                intervals?.allRightAt[k],
                .allRight,
                k,
                leftOut: numbers.leftOutAt[k - 1]
            )
        }
        return anyRight + allRight
    }

    /// G-Pass@k.
    private static func stabilityLines(_ result: RunResult) -> [ResultLine] {
        guard let stability = result.statistics.stability else { return [] }
        let k = stability.count
        let leftOut = result.statistics.leftOutAt[k - 1]
        let rates = zip(RepeatedSampling.thresholds, stability.rates).enumerated().map {
            index,
            rate in
            repeated(
                "G-Pass@\(k), tau \(rate.0)",
                "g_pass_at_\(k)_tau_\(rate.0)",
                rate.1,
                result.intervals.map { $0.stability[index] },
                .stability,
                k,
                leftOut: leftOut
            )
        }
        return rates + [
            repeated(
                "mG-Pass@\(k)",
                "mean_g_pass_at_\(k)",
                stability.mean,
                result.intervals?.meanStability,
                .stability,
                k,
                leftOut: leftOut
            )
        ]
    }

    private static func meanLines(_ result: RunResult) -> [ResultLine] {
        let (numbers, intervals) = (result.statistics, result.intervals)
        return [
            mean(
                "mean output length",
                "mean_output_tokens",
                numbers.meanOutputTokens,
                intervals?.meanOutputTokens,
                decimals: 1,
                unit: " tokens"
            ),
            mean(
                "tool calls per episode",
                "mean_tool_calls",
                numbers.meanToolCalls,
                intervals?.meanToolCalls,
                decimals: 2,
                unit: ""
            ),
            share("truncated", "truncation", numbers.truncation, intervals?.truncation, .means),
            share(
                "step limit reached",
                "step_limit",
                numbers.stepLimit,
                intervals?.stepLimit,
                .means
            ),
            share(
                "copied from statement",
                "copied_from_statement",
                numbers.copied,
                intervals?.copied,
                .means
            ), share("failed", "failure_rate", numbers.failureRate, nil, .means),
        ]
    }

    /// How fast it was, and what a right answer cost.
    private static func speedLines(_ result: RunResult) -> [ResultLine] {
        guard let throughput = result.throughput else { return [] }
        let hasCost = throughput.gpuSeconds > 0 && result.rightCount > 0
        let cost = throughput.gpuSeconds / Double(max(result.rightCount, 1))
        return [
            ResultLine(
                label: "sampled tokens per second",
                key: "tokens_per_second",
                number: decimal(throughput.tokensPerSecond, 1),
                value: .real(throughput.tokensPerSecond),
                section: .speed
            ),
            ResultLine(
                label: "GPU-seconds per right answer",
                key: "gpu_seconds_per_right",
                number: hasCost ? decimal(cost, 2) : "-",
                value: hasCost ? .real(cost) : .absent,
                section: .speed
            ),
        ]
    }

    /// What it takes to tell the run from another; people read it in a sentence (``ResultNotes``).
    private static func powerLines(_ result: RunResult) -> [ResultLine] {
        let power = result.statistics.power
        return [
            ("least", power?.least?.problemCount), ("most", power?.most.problemCount),
        ].map { end, count in
            ResultLine(
                label: "problems to tell 1 point apart, at \(end)",
                key: "problems_to_tell_1_point_\(end)",
                number: count.map { "\($0)" } ?? "-",
                value: count.map { .count($0) } ?? .absent,
                section: .power,
                isForPeople: false
            )
        }
    }
}

extension ResultLine {
    private static func count(_ label: String, _ value: Int) -> ResultLine {
        ResultLine(
            label: label,
            key: label,
            number: "\(value)",
            value: .count(value),
            section: .counts
        )
    }

    private static func share(
        _ label: String,
        _ key: String,
        _ value: Double,
        _ interval: ClosedRange<Double>?,
        _ section: Section = .rates
    ) -> ResultLine {
        let figure = RoundedFigure(value, interval, scale: 100, decimals: 2)
        return ResultLine(
            label: label,
            key: key,
            number: figure.number + " %",
            remark: figure.range ?? "",
            value: .real(value),
            interval: interval,
            section: section
        )
    }

    private static func repeated(
        _ label: String,
        _ key: String,
        _ value: Double,
        _ interval: ClosedRange<Double>?,
        _ section: Section,
        _ sampleCount: Int,
        leftOut: Int
    ) -> ResultLine {
        var line = share(label, key, value, interval, section)
        line.sampleCount = sampleCount
        line.leftOutCount = leftOut
        if leftOut > 0 {
            line.remark += (line.remark.isEmpty ? "" : " ") + "(\(leftOut) left out)"
        }
        return line
    }

    private static func mean(
        _ label: String,
        _ key: String,
        _ value: Double,
        _ interval: ClosedRange<Double>?,
        decimals: Int,
        unit: String
    ) -> ResultLine {
        let figure = RoundedFigure(value, interval, decimals: decimals)
        return ResultLine(
            label: label,
            key: key,
            number: figure.number + unit,
            remark: figure.range ?? "",
            value: .real(value),
            interval: interval,
            section: .means
        )
    }
}

extension ResultLine {
    /// What follows a key in CSV: the number itself, its interval, problems left out.
    static let suffixes = ["", "_low", "_high", "_left_out"]

    /// The number, lower and upper end of the interval, and problems left out, for CSV; empty where there is
    /// none.
    var fields: [String] {
        [plain] + (interval.map { ["\($0.lowerBound)", "\($0.upperBound)"] } ?? ["", ""])
            + [leftOutCount.map { "\($0)" } ?? ""]
    }

    /// The members of a JSON object.
    var jsonFields: [String] {
        var fields = ["\(JSON.quoted(key)): \(json)"]
        if let interval {
            fields.append(
                "\(JSON.quoted(key + "_interval")): "
                    + "[\(interval.lowerBound), \(interval.upperBound)]"
            )
        }
        if let leftOutCount { fields.append("\(JSON.quoted(key + "_left_out")): \(leftOutCount)") }
        return fields
    }

    private var plain: String {
        switch value {
        case .count(let count): "\(count)"
        case .real(let number): "\(number)"
        case .text(let text): text
        case .absent: ""
        }
    }

    private var json: String {
        switch value {
        case .count(let count): "\(count)"
        case .real(let number): JSON.number(number)
        case .text(let text): JSON.quoted(text)
        case .absent: "null"
        }
    }
}
