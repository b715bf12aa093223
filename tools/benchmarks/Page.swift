// What a run of the suite found, and on which machine.

import Foundation

/// The figures of a run with the machine they were measured on.
struct Page: Encodable {
    struct Machine: Encodable {
        let processor: String
        let cores: Int
        let kernel: String

        static var current: Machine {
            let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            let model = facts.split(separator: "\n").first { $0.hasPrefix("model name") }
            return Machine(
                processor: model?.split(separator: ":").last.map {
                    $0.trimmingCharacters(in: .whitespaces)
                } ?? "unknown processor",
                cores: ProcessInfo.processInfo.activeProcessorCount,
                kernel: ProcessInfo.processInfo.operatingSystemVersionString
            )
        }

        var line: String { "\(processor), \(cores) cores, \(kernel)" }
    }

    struct Result: Encodable {
        let experiment: String
        let figures: [Figure]
    }

    let machine: Machine
    var results: [Result] = []

    /// One line of the printed page.
    static func line(_ figure: Figure, slack: Double) -> String {
        let judgement =
            switch figure.bound {
            case .atMost(let limit): "at most \(rounded(limit)) \(verdict(figure, slack))"
            case .atLeast(let limit): "at least \(rounded(limit)) \(verdict(figure, slack))"
            case nil: ""
            }
        return "  \(figure.name): \(rounded(figure.value)) \(figure.unit); \(figure.baselineName): "
            + "\(rounded(figure.baseline)) \(figure.unit); ratio \(rounded(figure.ratio)) \(judgement)"
    }

    private static func verdict(_ figure: Figure, _ slack: Double) -> String {
        figure.isMet(slack: 1) ? "✔" : figure.isMet(slack: slack) ? "(✔ within the slack)" : "✘"
    }

    /// Three significant digits.
    private static func rounded(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return "\(value)" }
        let digits = max(0, 2 - Int(log10(abs(value)).rounded(.down)))
        return value.formatted(.number.precision(.fractionLength(0...digits)).grouping(.never))
    }
}
