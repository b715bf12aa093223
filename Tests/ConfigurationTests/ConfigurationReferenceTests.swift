import Configuration
import Testing

@Suite struct ConfigurationReferenceTests {
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
                "| `run.samples` | a whole number | `4` | 1 or more | "
                    + "Attempts at each problem: the k of majority@k and pass@k. May grow. |"
            )
        )
        #expect(page.contains("| `dataset.path` | text | (required) | not empty |"))
    }
}
