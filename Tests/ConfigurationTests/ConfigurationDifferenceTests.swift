import Configuration
import Testing

@Suite struct ConfigurationDifferenceTests {
    private let configuration = JobConfiguration(
        dataset: DatasetSection(path: "d"),
        model: ModelSection(path: "m")
    )

    @Test func equalConfigurationsDoNotDiffer() {
        #expect(configuration.differences(from: configuration).isEmpty)
    }

    @Test func placementDoesNotMatter() {
        var other = configuration
        other.run.roundSeconds = 99
        other.run.shardProblems = 7
        other.engine.python = "python3"
        other.engine.attach = ["http://n:1"]
        other.engine.environment = ["A": "1"]
        other.engine.arguments = ["--gpu-memory-utilization", "0.8", "--max-num-seqs=3"]
        other.engine.concurrency = .auto
        other.engine.tensorParallel = 2
        other.engine.restarts = 9
        other.sandbox.python = "python3"
        other.grading.workers = 9
        #expect(other.differences(from: configuration).isEmpty)
    }

    @Test func whatDecidesAResultIsNamedWithBothValues() {
        var other = configuration
        other.run.seed = 1
        other.sampling.temperature = 1
        other.engine.arguments = ["--dtype", "float32", "--max-num-seqs", "3"]
        other.dataset.fields.id = "key"
        #expect(
            other.differences(from: configuration).map(\.description) == [
                "run.seed: 1 (there: 0)",
                "dataset.fields.id: key (there: id)",
                "engine.arguments: [--dtype, float32, --max-num-seqs, 3] (there: [])",
                "sampling.temperature: 1 (there: 0.6)",
            ]
        )
    }
}
