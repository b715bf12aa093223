import Configuration
import Foundation
import Testing

@Suite struct ConfigurationReferenceTests {
    @Test func thePageOfTheKeysIsWhatIsDeclared() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "configs/KEYS.md"), encoding: .utf8)
        #expect(
            page == ConfigurationReference.markdown,
            "deepmath keys > configs/KEYS.md writes it anew"
        )
    }

    @Test func everyKeyIsExplained() {
        let page = ConfigurationReference.markdown
        let configuration = JobConfiguration(
            dataset: DatasetSection(path: "d"),
            model: ModelSection(path: "m")
        )
        #expect(configuration.facts.count > 40)
        for fact in configuration.facts {
            #expect(page.contains("| `\(fact.key)` |"), "\(fact.key)")
            #expect(fact.summary.hasSuffix("."), "\(fact.key)")
        }
        #expect(
            page.contains(
                "| `run.samples` | a whole number | `4` | between 1 and 1000000 | "
                    + "Attempts at each problem: the k of majority@k and pass@k. May grow. |"
            )
        )
        #expect(page.contains("| `dataset.path` | text | (required) | not empty |"))
    }
}
