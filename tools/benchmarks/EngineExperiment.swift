/// The worker beside its engine: places kept full, processor time, memory.
enum EngineExperiment: Experiment {
    static let name = "engine"
    static let question = "Does the worker keep its engine full, and what does it cost?"

    static func figures(_ scale: Scale) async throws -> [Figure] {
        try SimulatedEngine.figures(scale) + (try await ServedEngine.figures(scale))
    }
}
