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
                finish: sample < 3 ? .answer : problem == 0 ? .tokenLimit : .stepLimit,
                outcome: right == 1 ? .right : .wrong,
                voteKey: right == 1 ? "right" : "wrong:7",
                outputTokenCount: 100 + sample,
                toolCallCount: problem,
                isCopiedFromStatement: sample == 0
            )
        }
    }
    private static let result = RunResult(
        name: "runs/a",
        outcomes: outcomes,
        path: "runs/a/traces.h5"
    )

    /// Accuracy (1 + 1/4) / 2; pass@2 of the second problem 1 - C(3,2)/C(4,2) = 1/2, pass^2 0.
    ///
    /// Of 4 drawn of 4 the second has one right, less than 2 and 3.
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
                pass^2                           50.00 %
                pass^4                           50.00 %
                G-Pass@4, tau 0.5                50.00 %
                G-Pass@4, tau 0.75               50.00 %
                mG-Pass@4                        50.00 %
                mean output length          101.5 tokens
                tool calls per episode              0.50
                truncated                        12.50 %
                step limit reached               12.50 %
                copied from statement            25.00 %
                failed                            0.00 %
                traces                  runs/a/traces.h5

                """
        )
    }

    /// One sample of the second problem is lost: pass@4 is that of the first.
    @Test func problemsThatAreLeftOutAreCounted() {
        let result = RunResult(name: "a", outcomes: Self.outcomes.dropLast(), path: "a")
        let table = ResultTable([result])
        #expect(table.text().contains("pass@4                  100.00 % (1 left out)\n"))
        #expect(table.text().contains("pass^4                  100.00 % (1 left out)\n"))
        #expect(table.text().contains("mG-Pass@4               100.00 % (1 left out)\n"))
        // Of the second problem's three samples one is right: pass@2 is (1 + 2/3) / 2.
        #expect(table.lines.first { $0.label == "pass@2" }?.text == "83.33 %")
        #expect(table.lines.first { $0.label == "pass@2" }?.remark == "")
        #expect(table.lines.first { $0.label == "pass@4" }?.remark == "(1 left out)")
        #expect(
            table.notes(hasPower: false) == [
                "left out: problems with fewer than k counted samples; pass@k, pass^k and G-Pass@k "
                    + "are over the others."
            ]
        )
        #expect(table.text(.json).contains("\"pass_at_4_left_out\": 1"))
        #expect(table.text(.json).contains("\"pass_at_2_left_out\": 0"))
        #expect(ResultTable([Self.result]).notes(hasPower: false) == [])
    }

    /// Rates 1 and 1/4 of four samples: variance 9/32, sampling (0 + 3/16 / 3) / 2 = 1/32.
    ///
    /// 7.84888 / 0.0001 times 2/32 and 18/32 is 4905.6 and 44150.
    @Test func notesSayWhatANumberDoesNot() {
        let extent = RunExtent(madeCount: 799, wantedCount: 800)
        let result = RunResult(name: "a", outcomes: Self.outcomes, extent: extent, path: "a")
        let notes = ResultTable([result]).notes(hasPower: true)
        #expect(notes.count == 2)
        #expect(
            notes[0] == "a is unfinished: 799 of 800 attempts are made (99 %). Quick attempts come "
                + "first: so far lengths are too short, and rates favour problems that need few "
                + "tokens."
        )
        #expect(
            notes[1] == "to tell 1 point apart: 4906 to 44150 problems x 4 samples (two-sided 5 %, "
                + "power 80 %)"
        )
        // The first run 2 of 4 right, the second always 3 of 8 or 5 of 8: differences -1/8 and 1/8, variance
        // 1/32, all of which sampling (1/12 and 15/64 / 7) explains. 7.84888 / 32 / 0.0001 = 2452.8.
        let pairs = [3, 5].map {
            (
                PairedPower.Tally(rightCount: 2, sampleCount: 4),
                PairedPower.Tally(rightCount: $0, sampleCount: 8)
            )
        }
        #expect(
            ResultNotes.power(PairedPower.ofPair(pairs))
                == "to tell 1 point apart: 2453 problems x "
                + "4 and 8 samples, or 614 x 16 and 32 (two-sided 5 %, power 80 %)"
        )
        let whole = RunExtent(madeCount: 800, wantedCount: 800)
        #expect(ResultNotes.unfinished("a", whole) == nil)
        let steps = RunExtent(unit: .steps, madeCount: 1, wantedCount: 3)
        #expect(
            ResultNotes.unfinished("a", steps) == "a is unfinished: 1 of 3 steps are made (33 %)."
        )
        #expect(
            ResultTable([result]).text(.json).contains(
                "\"attempts_made\": 799,\n    \"attempts_wanted\": 800,"
            )
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
        let header = """
            run,problems,samples,episodes,failures,attempts_made,attempts_wanted,accuracy,majority,\
            pass_at_1,pass_at_1_left_out,pass_at_2,pass_at_2_left_out,pass_at_4,pass_at_4_left_out,\
            pass_all_2,pass_all_2_left_out,pass_all_4,pass_all_4_left_out,\
            g_pass_at_4_tau_0.5,g_pass_at_4_tau_0.5_left_out,\
            g_pass_at_4_tau_0.75,g_pass_at_4_tau_0.75_left_out,\
            mean_g_pass_at_4,mean_g_pass_at_4_left_out,mean_output_tokens,mean_tool_calls,truncation,\
            step_limit,copied_from_statement,failure_rate,tokens_per_second,gpu_seconds_per_right,\
            problems_to_tell_1_point_least,problems_to_tell_1_point_most,traces
            """
        let line = """
            "a,""b""\",2,4,8,0,,,0.625,0.5,0.625,0,0.75,0,1.0,0,0.5,0,0.5,0,0.5,0,0.5,0,0.5,0,101.5,0.5,\
            0.125,0.125,0.25,0.0,0.0,,4906,44150,p
            """
        #expect(ResultTable([result]).text(.csv) == header + "\n" + line + "\n")
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
        #expect(text.contains("\"accuracy\": 0.625,\n    \"accuracy_interval\": [0."))
        #expect(text.contains("\"pass_at_4\": 1.0,\n    \"pass_at_4_interval\": [0.158"))
        #expect(text.hasSuffix("\"traces\": \"p\\n\"\n  }\n]\n"))
        #expect(ResultTable([]).text(.json) == "[]\n")
    }

    struct Rounding: Sendable {
        let value: Double
        let low: Double
        let high: Double
        let isPercent: Bool
        let text: String
    }

    private static let roundings: [Rounding] = [
        // Half widths 4.05 %, 1.6 %, 0.96 % (as 1.0), 0.095 (as 0.10), 12.3 %, 812, 1.35, and 0.0005 %, of which two
        // decimals are printed.
        .init(value: 0.885, low: 0.841, high: 0.922, isPercent: true, text: "88 [84, 92]"),
        .init(value: 0.885, low: 0.869, high: 0.901, isPercent: true, text: "88.5 [86.9, 90.1]"),
        .init(value: 0.8854, low: 0.8758, high: 0.895, isPercent: true, text: "88.5 [87.6, 89.5]"),
        .init(value: 1.234, low: 1.139, high: 1.329, isPercent: false, text: "1.23 [1.14, 1.33]"),
        .init(value: 0.6333, low: 0.51, high: 0.756, isPercent: true, text: "63 [51, 76]"),
        .init(
            value: 16_797,
            low: 15_985,
            high: 17_609,
            isPercent: false,
            text: "16800 [16000, 17600]"
        ),
        .init(value: 58.84, low: 57.5, high: 60.2, isPercent: false, text: "58.8 [57.5, 60.2]"),
        .init(value: 1, low: 0.99999, high: 1, isPercent: true, text: "100.00 [100.00, 100.00]"),
        .init(value: 0, low: 0, high: 0.07, isPercent: true, text: "0.0 [0.0, 7.0]"),
        .init(value: -0.004, low: -0.03, high: 0.02, isPercent: true, text: "-0.4 [-3.0, 2.0]"),
    ]

    /// The half width keeps one or two digits, and the number and both ends end where it does.
    @Test(arguments: roundings)
    func figuresHaveTheDigitsThatTheirIntervalLeaves(_ rounding: Rounding) {
        let figure = RoundedFigure(
            rounding.value,
            rounding.low...rounding.high,
            scale: rounding.isPercent ? 100 : 1,
            decimals: 2
        )
        #expect(figure.text == rounding.text)
    }

    @Test func aFigureWithoutAnIntervalHasFixedDecimals() {
        #expect(RoundedFigure(0.885, nil, scale: 100, decimals: 2).text == "88.50")
    }

    @Test func paragraphsAreBrokenAtBlanks() {
        #expect(Paragraph.lines("one two three", width: 7) == "one two\nthree\n")
        #expect(Paragraph.lines("overlong a", width: 4) == "overlong\na\n")
        #expect(Paragraph.lines("about 80 % of it", width: 8) == "about\n80 % of\nit\n")
        #expect(Paragraph.lines("") == "")
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (2.0 / 3, 2, "0.67"), (-0.004, 2, "0.00"), (-1.5, 1, "-1.5"),
        (12345.678, 1, "12345.7"), (0.96, 1, "1.0"), (3, 0, "3"),
    ])
    func decimalsAreFixed(value: Double, digits: Int, text: String) {
        #expect(decimal(value, digits) == text)
    }
}
