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

    /// Its name for people.
    let label: String
    /// Its name for programs.
    let key: String
    /// The number with its unit.
    let text: String
    /// The number in full.
    let value: Value
    /// Its 95 % interval, in the unit of the value.
    var interval: ClosedRange<Double>?
    /// For pass@k: k.
    var passCount: Int?

    /// All lines of one result.
    static func lines(_ result: RunResult) -> [ResultLine] {
        let numbers = result.statistics
        let intervals = result.intervals
        let passLines = passCounts(numbers.sampleCount).map { count in
            var line = share(
                "pass@\(count)",
                "pass_at_\(count)",
                numbers.passAt[count - 1],
                intervals?.passAt[count - 1]
            )
            line.passCount = count
            return line
        }
        return [
            count("problems", numbers.problemCount), count("samples", numbers.sampleCount),
            count("episodes", numbers.episodeCount), count("failures", numbers.failureCount),
            share("accuracy (average@k)", "accuracy", numbers.accuracy, intervals?.accuracy),
            share("majority@k", "majority", numbers.majority, intervals?.majority),
        ] + passLines + [
            ResultLine(
                label: "mean output length",
                key: "mean_output_tokens",
                text: decimal(numbers.meanOutputTokens, 1) + " tokens"
                    + range(intervals?.meanOutputTokens, scale: 1, digits: 1),
                value: .real(numbers.meanOutputTokens),
                interval: intervals?.meanOutputTokens
            ),
            ResultLine(
                label: "tool calls per episode",
                key: "mean_tool_calls",
                text: decimal(numbers.meanToolCalls, 2)
                    + range(intervals?.meanToolCalls, scale: 1, digits: 2),
                value: .real(numbers.meanToolCalls),
                interval: intervals?.meanToolCalls
            ),
            share("truncated", "truncation", numbers.truncation, intervals?.truncation),
            share("failed", "failure_rate", numbers.failureRate, nil),
        ] + speedLines(result) + [
            ResultLine(
                label: "traces",
                key: "traces",
                text: result.path,
                value: .text(result.path)
            )
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
                text: decimal(throughput.tokensPerSecond, 1),
                value: .real(throughput.tokensPerSecond)
            ),
            ResultLine(
                label: "GPU-seconds per right answer",
                key: "gpu_seconds_per_right",
                text: hasCost ? decimal(cost, 2) : "-",
                value: hasCost ? .real(cost) : .absent
            ),
        ]
    }

    /// The k of pass@k that are shown for `sampleCount` samples: powers of two, and all.
    static func passCounts(_ sampleCount: Int) -> [Int] {
        var counts: [Int] = []
        var k = 1
        while k < sampleCount {
            counts.append(k)
            k *= 2
        }
        return sampleCount > 0 ? counts + [sampleCount] : []
    }

    private static func count(_ label: String, _ value: Int) -> ResultLine {
        ResultLine(label: label, key: label, text: "\(value)", value: .count(value))
    }

    private static func share(
        _ label: String,
        _ key: String,
        _ value: Double,
        _ interval: ClosedRange<Double>?
    ) -> ResultLine {
        ResultLine(
            label: label,
            key: key,
            text: decimal(value * 100, 2) + " %" + range(interval, scale: 100, digits: 2),
            value: .real(value),
            interval: interval
        )
    }

    private static func range(
        _ interval: ClosedRange<Double>?,
        scale: Double,
        digits: Int
    ) -> String {
        guard let interval else { return "" }
        return " [\(decimal(interval.lowerBound * scale, digits)), "
            + "\(decimal(interval.upperBound * scale, digits))]"
    }
}

extension ResultLine {
    /// Value, lower and upper end of the interval, for CSV; empty where there is none.
    var fields: [String] {
        [plain] + (interval.map { ["\($0.lowerBound)", "\($0.upperBound)"] } ?? ["", ""])
    }

    /// The members of a JSON object.
    var jsonFields: [String] {
        let own = "\(JSON.quoted(key)): \(json)"
        guard let interval else { return [own] }
        return [
            own,
            "\(JSON.quoted(key + "_interval")): [\(interval.lowerBound), \(interval.upperBound)]",
        ]
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
