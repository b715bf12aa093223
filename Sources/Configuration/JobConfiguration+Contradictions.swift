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
        if agent.stop.count > AgentSection.mostStops {
            refuse(
                "agent.stop",
                "\(agent.stop.count) texts are more than the \(AgentSection.mostStops) that vLLM takes",
                "leave some out"
            )
        }
        if engine.adapter != nil, !engine.attach.isEmpty {
            refuse(
                "engine.adapter",
                "the servers of engine.attach have their own adapters",
                "start them with --lora-modules NAME=PATH and give NAME as model.path"
            )
        }
        if training.scheduleEnd <= training.scheduleBegin {
            refuse(
                "training.schedule_end",
                "\(training.scheduleEnd) is not after schedule_begin, \(training.scheduleBegin)",
                "write a later step, or equal temperatures for no change"
            )
        }
        if [reward.accuracy, reward.toolUse, reward.length].allSatisfy({ $0 == 0 }) {
            refuse(
                "reward.accuracy",
                "all weights are 0, so that every attempt is worth the same",
                "give accuracy, tool_use or length a weight"
            )
        }
        if reward.length > 0, reward.softZoneTokens > agent.outputTokens {
            refuse(
                "reward.soft_zone_tokens",
                "\(reward.softZoneTokens) exceed the \(agent.outputTokens) of an attempt",
                "lower it, or raise agent.output_tokens"
            )
        }
        return faults
    }

    /// What keeps this configuration from being trained with.
    ///
    /// - Parameter name: stands for the file in messages.
    /// - Throws: ``ConfigurationError`` with every fault.
    public func checkForTraining(name: String) throws(ConfigurationError) {
        var faults: [ConfigurationError.Fault] = []
        func refuse(_ key: String, _ problem: String, _ remedy: String) {
            faults.append(
                ConfigurationError.Fault(
                    place: .file(name, line: nil),
                    key: key,
                    problem: problem,
                    remedy: remedy
                )
            )
        }
        if sampling.topP != 1 || sampling.topK > 0 {
            refuse(
                sampling.topP != 1 ? "sampling.top_p" : "sampling.top_k",
                "training samples from the whole distribution: what is cut off has no ratio",
                "write sampling.top_p: 1 and sampling.top_k: 0"
            )
        }
        guard faults.isEmpty else { throw ConfigurationError(faults) }
    }
}
