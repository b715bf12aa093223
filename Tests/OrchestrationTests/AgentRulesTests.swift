import Configuration
import Rollouts
import Testing

@testable import Orchestration

@Suite struct AgentRulesTests {
    @Test func theDefaultsOfTheConfigurationAreThoseOfTheRules() {
        #expect(AgentRules(AgentSection(), contextTokens: 4096) == AgentRules(contextTokens: 4096))
    }
}
