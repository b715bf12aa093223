// The agent as a pure state machine: what to do next, given what came back. It holds the
// trajectory and counts the limits; it knows no engine, sandbox, clock or task, so that every rule
// can be tested by feeding it turns.

private import Grading
public import RolloutModel

/// One attempt's state: feed it what happened, it says what to do next.
public struct AgentLoop: Sendable {
    /// What the caller does next.
    public enum Step: Hashable, Sendable {
        /// Sample at most `maxTokens` tokens after ``AgentLoop/trajectory``'s ids.
        case sample(maxTokens: Int)
        /// Run these snippets in order, in the attempt's interpreter.
        case run([String])
        /// Tokenise this text alone and hand the ids back through ``AgentLoop/insert(_:text:wallSeconds:)``.
        case tokenize(String)
        /// The attempt is over.
        case finish(Episode.Finish)
    }

    /// What the engine sampled for one turn.
    public struct Sampled: Hashable, Sendable {
        /// Sampled ids, the end-of-sequence id included when there is one.
        public var ids: [Int32]
        /// One per id, nats.
        public var logProbabilities: [Float]
        /// The ids decoded.
        public var text: String
        /// `stop` or `length`, as the engine says.
        public var finishReason: String
        /// Wall time, seconds.
        public var wallSeconds: Double

        /// A sampled turn; `ids` and `logProbabilities` have one length.
        public init(
            ids: [Int32],
            logProbabilities: [Float],
            text: String,
            finishReason: String,
            wallSeconds: Double
        ) {
            self.ids = ids
            self.logProbabilities = logProbabilities
            self.text = text
            self.finishReason = finishReason
            self.wallSeconds = wallSeconds
        }
    }

    /// The ids and turns so far.
    public private(set) var trajectory = TrajectoryBuilder()
    /// Zero-based number of the next model turn.
    public private(set) var modelTurnCount = 0

    /// Special texts in tool output that were broken so far.
    public private(set) var neutralizedCount = 0

    private let rules: AgentRules
    private let specials: SpecialTexts
    /// Tokens: what is sampled beyond them, and tool output, makes its own room.
    private static let mostReserved = 64 << 10
    /// Of each model turn, or of several that were read together; they share the memory of the text.
    private var prosePieces: [[Substring]] = []
    /// What the model has written in turns that a stop text halted, and goes on with; else empty.
    private var haltedText = ""
    private var outputTokenCount = 0
    private var toolTokenCount = 0
    private var invalidCallCount = 0
    private var outputIsOpen = false
    private var thoughtIsOpen = false
    /// Whether the chat template begins a thought that the first turn goes on with.
    public private(set) var opensThought = false

    /// An attempt under `rules`, before its prompt; `specials` are broken in what programs print.
    public init(rules: AgentRules, specials: SpecialTexts = SpecialTexts()) {
        self.rules = rules
        self.specials = specials
    }

    /// The model's prose, without its code.
    public var prose: String { Self.joined(prosePieces) }

    /// The text that is graded when the attempt has ended in `finish`.
    ///
    /// ``prose`` without the thought that a limit has cut off. A thought is finished where it is closed, and
    /// where the model ended its turn in it.
    public func gradedText(at finish: Episode.Finish) -> String {
        Self.graded(prose, opensThought: opensThought, finish: finish)
    }

    /// ``gradedText(at:)`` from what is recorded of an attempt.
    public static func gradedText(
        of turns: [Turn],
        isAgent: Bool,
        opensThought: Bool,
        finish: Episode.Finish
    ) -> String {
        graded(prose(of: turns, isAgent: isAgent), opensThought: opensThought, finish: finish)
    }

    private static func graded(
        _ prose: String,
        opensThought: Bool,
        finish: Episode.Finish
    ) -> String {
        switch finish {
        case .answer, .noAnswer: prose
        case .stepLimit, .tokenLimit, .contextLimit, .invalidCalls, .timeLimit, .failure,
            .interrupted:
            Thought.removingUnfinished(from: prose, isOpenAtStart: opensThought)
        }
    }

    /// ``prose`` from an attempt's turns alone.
    public static func prose(of turns: [Turn], isAgent: Bool) -> String {
        // Only a turn that was halted and went on is followed by another one of the model.
        let texts = turns.split { $0.role != .model }.map { $0.map(\.text).joined() }
        return isAgent ? joined(texts.map { TurnReading($0).prosePieces }) : texts.joined()
    }

    private static func joined(_ turns: [[Substring]]) -> String {
        var text = ""
        text.reserveCapacity(turns.reduce(0) { $0 + 1 + $1.utf8Count })
        for (index, pieces) in turns.enumerated() {
            if index > 0, !text.isEmpty { text += "\n" }
            for piece in pieces { text += piece }
        }
        return text
    }

    /// Index, in the trajectory's turns, of the model turn that came last.
    public var lastTurnIndex: Int { trajectory.turns.count - 1 }

    /// The prompt's ids came back.
    ///
    /// `opensThought`: the chat template ends in a `<think>` that the model only has to close.
    public mutating func begin(
        promptIDs: [Int32],
        text: String,
        wallSeconds: Double,
        opensThought: Bool = false
    ) -> Step {
        thoughtIsOpen = opensThought
        self.opensThought = opensThought
        trajectory.reserveCapacity(
            tokenCount: min(
                rules.contextTokens,
                promptIDs.count + min(rules.outputTokens, Self.mostReserved)
            )
        )
        trajectory.append(.prompt, ids: promptIDs, text: text, wallSeconds: wallSeconds)
        return nextSample()
    }

    /// A model turn came back.
    public mutating func receive(_ sampled: Sampled) -> Step {
        trajectory.appendModelTurn(
            ids: sampled.ids,
            logProbabilities: sampled.logProbabilities,
            text: sampled.text,
            wallSeconds: sampled.wallSeconds,
            stopReason: sampled.finishReason
        )
        modelTurnCount += 1
        outputTokenCount += sampled.ids.count
        return rules.isAgent ? follow(sampled) : conclude(sampled)
    }

    /// Without the agent one turn is the whole attempt.
    private mutating func conclude(_ sampled: Sampled) -> Step {
        prosePieces.append([sampled.text[...]])
        thoughtIsOpen = Thought.isOpen(atEndOf: [sampled.text[...]]) ?? thoughtIsOpen
        let wasCut = sampled.finishReason == "length"
        // As for the agent: in a thought that was cut off, a box is a guess.
        if BoxedAnswer.last(in: sampled.text) != nil, !(thoughtIsOpen && wasCut) {
            return .finish(.answer)
        }
        return .finish(wasCut ? exhausted ?? .tokenLimit : .noAnswer)
    }

    /// Does what a turn of the agent asks for.
    private mutating func follow(_ sampled: Sampled) -> Step {
        let earlier = haltedText
        let text = earlier + sampled.text
        let reading = TurnReading(text)
        if !earlier.isEmpty { prosePieces.removeLast() }
        haltedText = ""
        prosePieces.append(reading.prosePieces)
        outputIsOpen = reading.opensOutput
        thoughtIsOpen = reading.endsInThought ?? thoughtIsOpen
        let wasCut = sampled.finishReason == "length"
        var halt: Halt? { wasCut ? nil : self.halt(in: sampled.text, after: earlier) }
        switch reading.request {
        // A box in a thought that goes on is a guess; in one that the model ended, its answer.
        case .answer where !(thoughtIsOpen && (wasCut || halt != nil)):
            return .finish(.answer)
        // The stop text may be a part of the string.
        case .run where reading.endsInString && halt != nil,
            .invalid where reading.endsInString && halt != nil:
            return goOn(after: text)
        case .run(let snippets):
            invalidCallCount = 0
            return .run(snippets)
        case .invalid(let problem):
            if wasCut, let finish = exhausted { return .finish(finish) }
            // Part of a line of the program, as in print("Observation: 1"), and no mark of its end.
            if reading.endsInCode, halt == .withinLine { return goOn(after: text) }
            return refuse(problem)
        case .nothing, .answer:
            // Prose has such texts too.
            if halt != nil { return goOn(after: text) }
            guard wasCut else { return .finish(.noAnswer) }
            if let finish = exhausted { return .finish(finish) }
            return refuse("the turn was cut after \(rules.turnTokens) tokens")
        }
    }

    /// The model goes on where a stop text has halted it; what it writes is read together.
    private mutating func goOn(after text: String) -> Step {
        haltedText = text
        return nextSample()
    }

    /// What the stop text is at which the engine ended a turn.
    private enum Halt {
        /// A mark, or alone on its line.
        case asMark
        /// A word in a line.
        case withinLine
    }

    /// How a stop text halted `turn`, which went on from `earlier`; nil when none did.
    ///
    /// A turn has one only where it was halted; of its last token, more can stand behind.
    private func halt(in turn: String, after earlier: String) -> Halt? {
        for stop in rules.stop {
            guard let place = turn[...].range(ofLiteral: stop) else { continue }
            // What closes code closes it within a line too.
            if TurnReading.isMark(stop) { return .asMark }
            let before = (earlier + turn[..<place.lowerBound]).utf8.reversed()
            return before.prefix { $0 != 0x0a }.allSatisfy { $0 == 0x20 || $0 == 0x09 }
                ? .asMark : .withinLine
        }
        return nil
    }

    /// The outputs of the snippets came back, in order.
    public mutating func receive(outputs: [String]) -> Step {
        let plain = outputs.map { specials.neutralized($0) }
        neutralizedCount += plain.reduce(0) { $0 + $1.count }
        return .tokenize(outputBlocks(plain.map(\.text)))
    }

    /// The ids of a text that was to be put into the context came back.
    public mutating func insert(_ ids: [Int32], text: String, wallSeconds: Double) -> Step {
        toolTokenCount += ids.count
        trajectory.append(.tool, ids: ids, text: text, wallSeconds: wallSeconds)
        if toolTokenCount > rules.toolOutputTokens { return .finish(.tokenLimit) }
        return nextSample()
    }

    /// Which limit leaves no room for another token, if one does.
    private var exhausted: Episode.Finish? {
        if outputTokenCount >= rules.outputTokens { return .tokenLimit }
        if trajectory.ids.count >= rules.contextTokens { return .contextLimit }
        return nil
    }

    private func nextSample() -> Step {
        if let finish = exhausted { return .finish(finish) }
        if rules.isAgent, modelTurnCount >= rules.stepLimit { return .finish(.stepLimit) }
        let room = min(
            rules.outputTokens - outputTokenCount,
            rules.contextTokens - trajectory.ids.count
        )
        return .sample(maxTokens: rules.isAgent ? min(rules.turnTokens, room) : room)
    }

    private mutating func refuse(_ problem: String) -> Step {
        invalidCallCount += 1
        if invalidCallCount >= rules.invalidCallLimit { return .finish(.invalidCalls) }
        let advice =
            "error: \(problem). Write Python between <tool_call> and </tool_call>, "
            + "or give the final answer in \\boxed{}."
        return .tokenize(outputBlocks([advice]))
    }

    /// One ```` ```output ```` block for each snippet; the first one joins a block that the model
    /// began itself.
    private func outputBlocks(_ outputs: [String]) -> String {
        var text = ""
        for (index, output) in outputs.enumerated() {
            text += index == 0 && outputIsOpen ? "\n" : "\n```output\n"
            text += output.hasSuffix("\n") ? String(output.dropLast()) : output
            text += "\n```\n"
        }
        return text
    }
}
