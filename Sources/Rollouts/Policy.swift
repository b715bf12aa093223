/// Which distribution attempts are sampled from.
public struct Policy: Hashable, Sendable {
    /// The update that made it; 0 is the model as the run found it.
    public let version: Int
    /// Name of the adapter that the engine has loaded; nil for the engine's own model.
    public let adapterName: String?
    /// 0 means greedy.
    public let temperature: Double

    /// A policy.
    public init(version: Int = 0, adapterName: String? = nil, temperature: Double) {
        self.version = version
        self.adapterName = adapterName
        self.temperature = temperature
    }
}
