/// What a reward is made of, before its weights: each part dimensionless, 0 where it was not asked for.
public struct RewardParts: Hashable, Sendable {
    /// 1 when the grader found the answer right, ``RewardRule/copied`` when it is right and copied.
    public var accuracy: Double
    /// For using the tool as it is meant to be used.
    public var toolUse: Double
    /// For the length of the output.
    public var length: Double

    /// Parts by name; what is left out is 0.
    public init(accuracy: Double = 0, toolUse: Double = 0, length: Double = 0) {
        self.accuracy = accuracy
        self.toolUse = toolUse
        self.length = length
    }
}
