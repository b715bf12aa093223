import Configuration
import Foundation
import Testing

/// Every key against values beyond reason: refused in one line, or kept as text.
@Suite struct ValueLimitTests {
    private static let minimal = "dataset: {path: p.jsonl}\nmodel: {path: m}\n"

    private static var facts: [ConfigurationFact] {
        JobConfiguration(dataset: DatasetSection(path: "d"), model: ModelSection(path: "m")).facts
    }

    private static let extremes = [
        "1e300", "-1e300", "1e999", "9223372036854775807", "-9223372036854775808",
        "18446744073709551615", "99999999999999999999", "-1", "nan", ".nan", "inf", "-.inf", "0x10",
        "5e-324",
        "[]", "{}", "null", "",
    ]

    private func faults(_ yaml: String, _ override: String) -> [String] {
        do {
            _ = try JobConfiguration.parse(yaml: yaml, name: "job.yaml", overrides: [override])
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test(arguments: facts.map(\.key))
    func anExtremeValueIsRefusedInOneLineOrKept(key: String) {
        for value in Self.extremes {
            for line in faults(Self.minimal, "\(key)=\(value)") {
                #expect(!line.contains("\n") && line.utf8.count < 1_000, "\(line)")
            }
        }
    }

    @Test(arguments: facts.filter { $0.type.contains("number") })
    func everyNumberHasBoundsThatTheMessageNames(fact: ConfigurationFact) {
        // Seeds are all of their type's values; the others are far from the ends of their type.
        guard fact.key != "run.seed" else { return }
        #expect(
            fact.rule.contains("between") || fact.rule.contains("at most")
                || fact.type.contains(" to ")
        )
        for value in ["1e300", "9223372036854775807", "nan", "-9223372036854775808"] {
            let lines = faults(Self.minimal, "\(fact.key)=\(value)")
            #expect(
                lines.contains { $0.contains(fact.key) && $0.contains(value) },
                "\(fact.key)=\(value): \(lines)"
            )
            #expect(
                lines.contains { $0.contains("must be") || $0.contains("expected a") },
                "\(fact.key)=\(value): \(lines)"
            )
        }
    }

    /// The largest values that a rule allows, as what uses durations and sizes needs them.
    @Test(arguments: facts.filter { $0.type.hasPrefix("a number") })
    func theLargestDurationIsOne(fact: ConfigurationFact) throws {
        let words = fact.rule.split(separator: " ")
        let largest = try #require(words.last.flatMap { Double($0) }, "\(fact.rule)")
        #expect(largest < 1e10)
        let later = ContinuousClock.now + .seconds(largest) * 2
        #expect(later > .now)
    }

    @Test(arguments: [
        (0..<30).map { "a\($0 + 1): &a\($0 + 1) [\($0 == 0 ? "1, 1" : "*a\($0), *a\($0)")]" }
            .joined(separator: "\n"),
        "x: [" + Array(repeating: "1", count: 20_000).joined(separator: ", ") + "]",
        "x: &s " + String(repeating: "s", count: 1 << 20) + "\ny: ["
            + Array(repeating: "*s", count: 64).joined(separator: ", ") + "]",
        String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
        String(repeating: "- ", count: 100_000),
    ])
    func aTextThatGrowsWithoutBoundIsRefusedInOneLine(text: String) {
        let start = ContinuousClock.now
        let lines = faults(Self.minimal + text, "run.samples=4")
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { !$0.contains("\n") && $0.utf8.count < 1_000 }, "\(lines)")
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func aLongValueIsCutInItsMessage() {
        let lines = faults(Self.minimal, "run.samples=" + String(repeating: "9", count: 100_000))
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { $0.contains("run.samples") && $0.utf8.count < 2_000 })
    }
}
