import Foundation
import RolloutModel
import Testing

@Suite struct AdvantageRuleTests {
    @Test func equalRewardsGiveZero() {
        for rule in AdvantageRule.allCases {
            #expect(rule.advantages(of: [0.3, 0.3, 0.3]) == [0, 0, 0])
        }
    }

    @Test func scaledAdvantagesAreThoseOfTheFormula() {
        // Mean 0.25, squares 0.5625 + 3 * 0.0625 = 0.75, standard deviation sqrt(0.75 / 3) = 0.5.
        let expected = [0.75 / 0.5001, -0.25 / 0.5001, -0.25 / 0.5001, -0.25 / 0.5001]
        #expect(AdvantageRule.scaled.advantages(of: [1, 0, 0, 0]) == expected)
    }

    @Test func anEpisodeWithoutARewardIsLeftOutOfItsGroup() {
        #expect(AdvantageRule.meanOnly.advantages(of: [nil, 2, 4]) == [0, -1, 1])
        #expect(AdvantageRule.scaled.advantages(of: [nil, 2]) == [0, 0])
        #expect(AdvantageRule.scaled.advantages(of: [nil, nil]) == [0, 0])
    }

    @Test func theOrderOfEpisodesDoesNotMatter() {
        let rewards: [Double?] = [1, 0, nil, 0.5]
        let straight = AdvantageRule.scaled.advantages(of: rewards)
        #expect(AdvantageRule.scaled.advantages(of: rewards.reversed()) == straight.reversed())
    }

    /// Facts that state the same formula as ours; those with another epsilon, a population standard
    /// deviation or a leave-one-out mean state another, and losses are TRL's own business.
    @Test(.enabled(if: GRPOFact.isThere, "needs the GRPO reference values beside the project"))
    func advantagesAreThoseOfThePeers() throws {
        var used = 0
        for fact in try GRPOFact.all() where fact.kind == "group_advantage" {
            guard let rule = fact.rule, let rewards = fact.rewards, let expected = fact.expected
            else { continue }
            let size = fact.num_generations ?? rewards.count
            let computed = stride(from: 0, to: rewards.count, by: size).flatMap { first in
                rule.advantages(of: Array(rewards[first..<first + size]))
            }
            for (mine, theirs) in zip(computed, expected) {
                // Theirs are in single precision.
                #expect(abs(mine - theirs) <= 1e-6 * max(1, abs(theirs)), "\(fact.id)")
            }
            used += 1
        }
        #expect(used >= 30)
    }

    @Test(.enabled(if: GRPOFact.isThere, "needs the GRPO reference values beside the project"))
    func theLengthPenaltyIsThatOfThePeers() throws {
        let rule = RewardRule(
            accuracy: 0,
            toolUse: 0,
            length: 1,
            toolUseMeans: .anyCall,
            lengthLimit: 100,
            softZone: 20
        )
        let facts = try GRPOFact.all().filter { $0.kind == "soft_overlong_punishment" }
        #expect(facts.count == 3)
        for fact in facts {
            let episode = try RewardRuleTests.episode(outputTokens: fact.length ?? 0)
            #expect(rule.applied(to: episode).reward == fact.penalty, "\(fact.id)")
        }
    }
}

/// A line of the reference values, as far as these tests read it.
struct GRPOFact: Decodable {
    let id: String
    let kind: String
    let impl: String
    let formula: String?
    let rewards: [Double?]?
    let num_generations: Int?
    let length: Int?
    let expected: [Double]?
    let penalty: Double?

    enum CodingKeys: String, CodingKey {
        case id, kind, impl, formula, rewards, num_generations, length, expected
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        kind = try fields.decode(String.self, forKey: .kind)
        impl = try fields.decode(String.self, forKey: .impl)
        formula = try fields.decodeIfPresent(String.self, forKey: .formula)
        num_generations = try fields.decodeIfPresent(Int.self, forKey: .num_generations)
        let isGroup = kind == "group_advantage"
        rewards = isGroup ? try fields.decodeIfPresent([Double?].self, forKey: .rewards) : nil
        expected = isGroup ? try fields.decodeIfPresent([Double].self, forKey: .expected) : nil
        let isPenalty = kind == "soft_overlong_punishment"
        length = isPenalty ? try fields.decode(Int.self, forKey: .length) : nil
        penalty = isPenalty ? try fields.decode(Double.self, forKey: .expected) : nil
    }

    /// Our rule with the same formula; nil when there is none.
    var rule: AdvantageRule? {
        guard let rewards, rewards.count > 1 else { return nil }
        switch formula {
        case "(r-group_mean)/(group_std_unbiased+1e-4)": return .scaled
        case "(r-group_mean)/(batch_std_unbiased+1e-4)":
            // The same where the batch is one group.
            return num_generations == rewards.count ? .scaled : nil
        case "r-group_mean", "r-mean": return .meanOnly
        case "mean/std, zero variance -> 0": return .scaled
        case nil where impl.contains("None reward"): return .scaled
        default: return nil
        }
    }

    private static let path =
        URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/shared/data/grpo/grpo_reference.jsonl"

    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    static func all() throws -> [GRPOFact] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(GRPOFact.self, from: Data($0.utf8))
        }
    }
}
