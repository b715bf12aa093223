import RolloutModel
import Testing

@testable import TraceStore

@Suite struct ResultTableTests {
    /// Two problems with four samples: one always right, one right once, wrong alike three times.
    private static let outcomes = [[1, 1, 1, 1], [1, 0, 0, 0]].enumerated().flatMap {
        problem,
        samples in
        samples.enumerated().map { sample, right in
            EpisodeOutcome(
                task: EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex(sample)),
                status: .completed,
                finish: sample == 3 ? .tokenLimit : .answer,
                outcome: right == 1 ? .right : .wrong,
                voteKey: right == 1 ? "right" : "wrong:7",
                outputTokenCount: 100 + sample,
                toolCallCount: problem
            )
        }
    }
    private static let result = RunResult(
        name: "runs/a",
        outcomes: outcomes,
        path: "runs/a/traces.h5"
    )

    /// Accuracy (1 + 1/4) / 2; pass@2 of the second problem 1 - C(3,2)/C(4,2) = 1/2.
    @Test func theTableForPeopleIsAligned() {
        #expect(
            ResultTable([Self.result]).text() == """
                                                  runs/a
                problems                               2
                samples                                4
                episodes                               8
                failures                               0
                accuracy (average@k)             62.50 %
                majority@k                       50.00 %
                pass@1                           62.50 %
                pass@2                           75.00 %
                pass@4                          100.00 %
                mean output length          101.5 tokens
                tool calls per episode              0.50
                truncated                        25.00 %
                failed                            0.00 %
                traces                  runs/a/traces.h5

                """
        )
    }

    @Test func runsWithFewerSamplesLackSomeOfPassAtK() {
        let one = RunResult(
            name: "b",
            outcomes: [Self.outcomes[0]],
            path: "b"
        )
        let lines = ResultTable([one, Self.result]).text().split(separator: "\n")
        #expect(lines.first { $0.hasPrefix("pass@1 ") }?.contains("100.00 %") == true)
        #expect(lines.first { $0.hasPrefix("pass@4 ") }?.split(separator: " ")[1] == "-")
    }

    @Test func csvHasOneLinePerRunAndQuotesWhatNeedsIt() {
        let result = RunResult(
            name: "a,\"b\"",
            outcomes: Self.outcomes,
            throughput: RunThroughput([]),
            path: "p"
        )
        let lines = ResultTable([result]).text(.csv).split(separator: "\n")
        #expect(
            lines == [
                "run,problems,samples,episodes,failures,accuracy,majority,pass_at_1,pass_at_2,"
                    + "pass_at_4,mean_output_tokens,mean_tool_calls,truncation,failure_rate,"
                    + "tokens_per_second,gpu_seconds_per_right,traces",
                "\"a,\"\"b\"\"\",2,4,8,0,0.625,0.5,0.625,0.75,1.0,101.5,0.5,0.25,0.0,0.0,,p",
            ]
        )
    }

    @Test func jsonHasOneObjectPerRun() {
        let result = RunResult(
            name: "a",
            outcomes: Self.outcomes,
            hasIntervals: true,
            path: "p\n"
        )
        let text = ResultTable([result]).text(.json)
        #expect(text.hasPrefix("[\n  {\n    \"run\": \"a\",\n    \"problems\": 2,\n"))
        // Two problems of 1 and 1/4: the mean of two draws lies between those.
        #expect(text.contains("\"accuracy\": 0.625,\n    \"accuracy_interval\": [0.25, 1.0],\n"))
        #expect(text.hasSuffix("\"traces\": \"p\\n\"\n  }\n]\n"))
        #expect(ResultTable([]).text(.json) == "[]\n")
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (2.0 / 3, 2, "0.67"), (-0.004, 2, "0.00"), (-1.5, 1, "-1.5"),
        (12345.678, 1, "12345.7"), (0.96, 1, "1.0"), (3, 0, "3"),
    ])
    func decimalsAreFixed(value: Double, digits: Int, text: String) {
        #expect(decimal(value, digits) == text)
    }
}
