// Evaluations of one job that want the same engine get the same one: to start it can take longer than
// to evaluate. What differs between them is loaded into it: a LoRA adapter.

import Configuration
import Inference

/// The engine of this rank, from one evaluation of a job to the next.
struct EngineKeeper {
    private let configurations: [JobConfiguration]
    private var kept: (engine: Engine, want: Want)?

    /// What an engine is started with.
    private struct Want: Hashable {
        let model: ModelSection
        let engine: EngineSection

        init(_ configuration: JobConfiguration) {
            var engine = configuration.engine
            engine.adapter = nil
            // How much it is given to do is no matter of the engine.
            engine.concurrency = .auto
            self.engine = engine
            model = configuration.model
        }
    }

    /// A keeper for the evaluations of a job.
    init(plans configurations: [JobConfiguration]) { self.configurations = configurations }

    /// Whether adapters are loaded into a running engine: one evaluation alone starts with its own.
    private var loadsAdapters: Bool { configurations.count > 1 }

    /// Name under which the evaluation's adapter is loaded; nil when the engine itself has it.
    func adapterName(for configuration: JobConfiguration) -> String? {
        guard loadsAdapters, let path = configuration.engine.adapter else { return nil }
        return "adapter " + path
    }

    /// The largest rank among the adapters that this evaluation's engine will be given; nil without.
    ///
    /// - Throws: ``/Inference/InferenceError/Cause`` when an adapter cannot be read.
    func adapterRank(for configuration: JobConfiguration) throws -> Int? {
        guard loadsAdapters else { return nil }
        let want = Want(configuration)
        return try configurations.filter { Want($0) == want }.compactMap(\.engine.adapter)
            .map { try AdapterConfiguration(directory: $0).rank }.max()
    }

    /// The engine that runs, when it is the one wanted; any other is ended, and one that was lost.
    mutating func engine(for configuration: JobConfiguration) -> Engine? {
        if let kept, kept.want != Want(configuration) || isLost(kept.engine) { stop() }
        return kept?.engine
    }

    private func isLost(_ engine: Engine) -> Bool { BlockingTask.value { await engine.isLost } }

    /// Keeps an engine for the evaluations that follow.
    mutating func keep(_ engine: Engine, for configuration: JobConfiguration) {
        kept = (engine, Want(configuration))
    }

    /// Ends the engine.
    mutating func stop() {
        guard let engine = kept?.engine else { return }
        kept = nil
        BlockingTask.value { await engine.stop() }
    }
}
