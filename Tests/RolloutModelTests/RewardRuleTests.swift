import RolloutModel
import Testing

@Suite struct RewardRuleTests {
    @Test func theRewardIsTheWeightedSumOfItsParts() throws {
        // The published training run: tool use 1.0, accuracy 0.1.
        let rule = Self.rule(accuracy: 0.1, toolUse: 1)
        let episode = try Self.episode(outcome: .right, callStatuses: ["exception"])
        let rewarded = rule.applied(to: episode)
        #expect(rewarded.reward == 1.1)
        #expect(rewarded.rewardParts == RewardParts(accuracy: 1, toolUse: 1))
        #expect(rule.applied(to: try Self.episode(outcome: .wrong)).reward == 0)
    }

    @Test func onlyASuccessfulCallCountsWhereThatIsAsked() throws {
        let rule = Self.rule(toolUse: 1, toolUseMeans: .successfulCall)
        let failed = try Self.episode(callStatuses: ["timeout", "exception"])
        #expect(rule.applied(to: failed).reward == 0)
        let once = try Self.episode(callStatuses: ["exception", "ok"])
        #expect(rule.applied(to: once).reward == 1)
    }

    @Test func theLengthPenaltyGrowsThroughItsZone() throws {
        let rule = Self.rule(length: 2)
        for (tokens, penalty) in [(80, 0.0), (85, -0.5), (100, -2), (150, -2)] {
            #expect(rule.applied(to: try Self.episode(outputTokens: tokens)).reward == penalty)
        }
    }

    @Test(arguments: [(0.0, 0.0), (0.25, 0.5), (-1, -2)])
    func aRightAnswerThatWasCopiedIsPaidWhatTheRuleSays(copied: Double, reward: Double) throws {
        let rule = Self.rule(accuracy: 2, copied: copied)
        let right = try Self.episode(outcome: .right, isCopied: true)
        #expect(rule.applied(to: right).reward == reward)
        #expect(rule.applied(to: right).rewardParts.accuracy == copied)
        #expect(rule.applied(to: try Self.episode(outcome: .right)).reward == 2)
        #expect(rule.applied(to: try Self.episode(outcome: .wrong, isCopied: true)).reward == 0)
    }

    static func rule(
        accuracy: Double = 0,
        copied: Double = 0,
        toolUse: Double = 0,
        length: Double = 0,
        toolUseMeans: RewardRule.ToolUse = .anyCall
    ) -> RewardRule {
        RewardRule(
            accuracy: accuracy,
            copied: copied,
            toolUse: toolUse,
            length: length,
            toolUseMeans: toolUseMeans,
            lengthLimit: 100,
            softZone: 20
        )
    }

    static func episode(
        outcome: Grade.Outcome = .wrong,
        outputTokens: Int = 1,
        callStatuses: [String] = [],
        isCopied: Bool = false
    ) throws -> Episode {
        let turns =
            outputTokens == 0
            ? []
            : [
                Turn(
                    role: .model,
                    tokens: 0..<outputTokens,
                    text: "",
                    wallSeconds: 0,
                    stopReason: "stop"
                )
            ]
        return Episode(
            task: EpisodeTask(problem: ProblemIndex(0), sample: SampleIndex(0)),
            status: .completed,
            finish: .answer,
            trajectory: try Trajectory(
                ids: Array(repeating: 7, count: outputTokens),
                logProbabilities: Array(repeating: -1, count: outputTokens),
                lossMask: Array(repeating: 1, count: outputTokens),
                turns: turns
            ),
            toolCalls: callStatuses.map {
                ToolCall(
                    turnIndex: 0,
                    code: "1",
                    output: "1",
                    status: $0,
                    wallSeconds: 0,
                    peakBytes: 0
                )
            },
            grade: Grade(outcome: outcome, answer: "", canonicalAnswer: "", wallSeconds: 0),
            isCopiedFromStatement: isCopied,
            reward: 0,
            seed: 0,
            temperature: 1,
            retryCount: 0,
            cachedTokenCount: 0,
            times: Episode.Times()
        )
    }
}
