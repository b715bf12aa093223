import Foundation
import Testing

@testable import TraceStore

@Suite struct SchemaPageTests {
    @Test func thePageOfTheLayoutIsWhatTheWriterDeclares() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "tools/TRACES.md"), encoding: .utf8)
        #expect(
            page == TraceSchema.markdown,
            "deepmath-report schema > tools/TRACES.md writes it anew"
        )
    }

    @Test func everyDatasetIsDeclaredOnceWithUnitAndDescription() {
        let datasets = TraceSchema.tables.flatMap(\.datasets)
        #expect(Set(datasets.map(\.path)).count == datasets.count)
        for dataset in datasets {
            #expect(!dataset.column.unit.isEmpty && dataset.column.description.count > 3)
        }
    }
}
