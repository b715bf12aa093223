import Configuration
import Sandbox
import Testing

@testable import Orchestration

/// What a job tells its sandbox, and what the sandbox tells the trace.
@Suite struct SandboxFactsTests {
    @Test func snippetsMayWaitLongerThanTheyMayCompute() throws {
        for (seconds, wallSeconds) in [(0.5, 3.0), (10, 60), (86_400, 518_400)] {
            var job = try JobConfiguration.parse(
                yaml: "dataset: {path: p.jsonl}\nmodel: {path: m}",
                name: "job.yaml"
            )
            job.sandbox.snippetSeconds = seconds
            let sandbox = SandboxConfiguration(job)
            #expect(sandbox.snippetTimeout == .seconds(seconds))
            #expect(sandbox.wallTimeout == .seconds(wallSeconds))
        }
    }

    @Test func ranksOfOneKindShareALine() {
        #expect(RunStore.wordsByRank([nil, "full", "full"]) == "full")
        #expect(RunStore.wordsByRank([nil, nil]) == nil)
    }

    @Test func ranksOfSeveralKindsAreTold() {
        #expect(
            RunStore.wordsByRank([nil, "full", "partial", "full"])
                == "ranks 1,3: full\nranks 2: partial"
        )
    }
}
