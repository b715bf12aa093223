extension JobConfiguration {
    /// What is wrong between keys, each of which is right by itself.
    func contradictions(in tree: ConfigurationTree) -> [ConfigurationError.Fault] {
        var faults: [ConfigurationError.Fault] = []
        func refuse(_ key: String, _ problem: String, _ remedy: String) {
            let place = tree.place(of: key.split(separator: ".")[...])
            faults.append(
                ConfigurationError.Fault(place: place, key: key, problem: problem, remedy: remedy)
            )
        }
        if agent.turnTokens > agent.outputTokens {
            refuse(
                "agent.turn_tokens",
                "\(agent.turnTokens) in one turn exceed the \(agent.outputTokens) of an attempt",
                "lower it, or raise agent.output_tokens"
            )
        }
        if agent.enabled, agent.stop.isEmpty {
            refuse(
                "agent.stop",
                "an agent needs a text at which a turn ends",
                "write [\"</tool_call>\"] or set agent.enabled to false"
            )
        }
        return faults
    }
}
