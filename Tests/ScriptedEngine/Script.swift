/// One `/v1/completions` call as the scripted engine sees it.
public struct CompletionCall: Sendable, Hashable {
    /// The context, as ids.
    public var prompt: [Int32]
    /// Name of the model or adapter.
    public var model: String
    /// Most tokens to return.
    public var maxTokens: Int
    /// Sampling temperature.
    public var temperature: Double
    /// Seed of the draw.
    public var seed: Int64
    /// Texts that end the completion.
    public var stop: [String]

    /// A call.
    public init(
        prompt: [Int32],
        model: String,
        maxTokens: Int,
        temperature: Double,
        seed: Int64,
        stop: [String]
    ) {
        self.prompt = prompt
        self.model = model
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.seed = seed
        self.stop = stop
    }
}

/// What the scripted engine's model says to a call, before stop texts and limits are applied.
public struct ScriptedReply: Sendable, Hashable {
    /// The ids that it would go on to sample.
    public var ids: [Int32]
    /// Log-probability of each id; nil: ``ScriptedReply/logProbability(of:at:)``.
    public var logProbabilities: [Float]?

    /// A reply of `ids`.
    public init(ids: [Int32], logProbabilities: [Float]? = nil) {
        self.ids = ids
        self.logProbabilities = logProbabilities
    }

    /// A reply of `text`, ended by the end-of-turn token.
    public static func text(_ text: String) -> ScriptedReply {
        ScriptedReply(ids: ByteTokenizer.ids(text) + [ByteTokenizer.endOfTurn])
    }

    /// A made-up value that a test can predict: a multiple of 1/64 in `-2...0`, exact in JSON.
    public static func logProbability(of id: Int32, at position: Int) -> Float {
        -Float((Int(id) * 31 + position * 7) % 128) / 64
    }
}

/// The scripted engine's model: a function of the call, and of nothing else.
public typealias Script = @Sendable (CompletionCall) -> ScriptedReply

/// Scripts that tests and simulations use.
public enum Scripts {
    /// Says `text` to everything.
    public static func always(_ text: String) -> Script { { _ in .text(text) } }

    /// Letters that depend on prompt and seed (at temperature 0 on the prompt alone).
    ///
    /// - Parameter count: letters after which it ends by itself, if the call allows as many.
    /// - Returns: the script.
    public static func babble(count: Int = .max) -> Script {
        { call in
            var state: UInt64 = call.temperature == 0 ? 0 : UInt64(bitPattern: call.seed)
            for id in call.prompt {
                state = (state ^ UInt64(bitPattern: Int64(id))) &* 0x100_0000_01b3
            }
            let ids = (0..<min(count, call.maxTokens)).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int32(97 + (state >> 33) % 26)
            }
            return ScriptedReply(ids: ids)
        }
    }

    /// Some letters and a program in every turn but the last, and there some letters and an answer.
    ///
    /// - Parameters:
    ///   - turnCount: turns of an attempt, told apart by the tool calls in the prompt.
    ///   - tokens: bounds of a turn's length; the seed decides.
    /// - Returns: the script.
    public static func work(turnCount: Int, tokens: ClosedRange<Int>) -> Script {
        let program = ByteTokenizer.ids("<tool_call>\nprint(6 * 7)\n</tool_call>")
        let answer = ByteTokenizer.ids("\\boxed{42}") + [ByteTokenizer.endOfTurn]
        let callEnd = program.last
        return { call in
            let turnIndex = call.prompt.count { $0 == callEnd }
            let ending = turnIndex + 1 < turnCount ? program : answer
            var state = UInt64(bitPattern: call.seed) &* 0x9e37_79b9_7f4a_7c15
            let length = tokens.lowerBound + Int((state >> 33) % UInt64(tokens.count))
            let letters = (0..<max(0, length - ending.count)).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int32(97 + (state >> 33) % 26)
            }
            return ScriptedReply(ids: letters + ending)
        }
    }

    /// Says what was recorded for the same prompt, and `otherwise` what another script says.
    public static func recorded(
        _ replies: [[Int32]: ScriptedReply],
        otherwise: @escaping Script
    ) -> Script {
        { call in replies[call.prompt] ?? otherwise(call) }
    }
}
