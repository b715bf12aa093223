import Foundation
import Yams

/// The configuration of a job: one YAML file, one value per section.
///
/// Every key has a default except `dataset.path` and `model.path`. Relative paths are relative to
/// the working directory. A value is checked once, when it is read; what holds a
/// `JobConfiguration` from ``load(path:overrides:)`` need not check again.
public struct JobConfiguration: Hashable, Sendable, Codable {
    /// How much to do.
    public var run = RunSection()
    /// Which problems.
    public var dataset: DatasetSection
    /// Which language model.
    public var model: ModelSection
    /// The server of each worker.
    public var engine = EngineSection()
    /// How tokens are drawn.
    public var sampling = SamplingSection()
    /// What one attempt may do.
    public var agent = AgentSection()
    /// Where snippets run.
    public var sandbox = SandboxSection()
    /// Who compares answers.
    public var grading = GradingSection()
    /// What training does, step by step.
    public var training = TrainingSection()
    /// What an attempt is worth in training.
    public var reward = RewardSection()
    /// Who turns steps into updates.
    public var trainer = TrainerSection()

    /// Defaults for everything but what has none.
    public init(dataset: DatasetSection, model: ModelSection) {
        self.dataset = dataset
        self.model = model
    }

    /// Python for the sandbox: its own, or the engine's.
    public var sandboxPython: String { sandbox.python ?? engine.python }

    /// Python for the grader: its own, or the engine's.
    public var gradingPython: String { grading.python ?? engine.python }

    /// Python for the trainer: its own, or the engine's.
    public var trainerPython: String { trainer.python ?? engine.python }
}

extension JobConfiguration: ConfigurationSection {
    static var initial: Self { Self(dataset: .initial, model: .initial) }

    static var keys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey("run", \.run, "How much to do."),
            ConfigurationKey("dataset", \.dataset, "Which problems."),
            ConfigurationKey("model", \.model, "Which language model."),
            ConfigurationKey("engine", \.engine, "The vLLM server of each worker rank."),
            ConfigurationKey("sampling", \.sampling, "How tokens are drawn."),
            ConfigurationKey("agent", \.agent, "What one attempt may do."),
            ConfigurationKey("sandbox", \.sandbox, "Where and how snippets run."),
            ConfigurationKey("grading", \.grading, "Who compares answers."),
            ConfigurationKey("training", \.training, "What deepmath train does, step by step."),
            ConfigurationKey("reward", \.reward, "What an attempt is worth in training."),
            ConfigurationKey("trainer", \.trainer, "Who turns steps into LoRA updates, and how."),
        ]
    }

    /// The dotted path of the only key with this name; nil when there is none or several.
    static func path(ofKeyNamed name: String) -> String? {
        let paths = initial.facts.map(\.key).filter { $0.split(separator: ".").last == name[...] }
        return paths.count == 1 ? paths[0] : nil
    }

    /// Reads and checks the file at `path`.
    ///
    /// - Parameters:
    ///   - path: the file, UTF-8.
    ///   - overrides: `section.key=value` each, the value as YAML; later ones win, and all win over
    ///     the file.
    /// - Returns: a configuration in which every rule holds.
    /// - Throws: ``ConfigurationError`` with every fault found, each with its place and remedy.
    public static func load(
        path: String,
        overrides: [String] = []
    ) throws(ConfigurationError) -> JobConfiguration {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ConfigurationError(
                place: .file(path, line: nil),
                problem: "cannot be read (\(FileFailure.reason(error)))",
                remedy: "pass --config with the path of a readable YAML file"
            )
        }
        guard let text = String(bytes: bytes, encoding: .utf8) else {
            throw ConfigurationError(
                place: .file(path, line: nil),
                problem: "is not UTF-8 text",
                remedy: "save it as UTF-8"
            )
        }
        return try parse(yaml: text, name: path, overrides: overrides)
    }

    /// Reads and checks the text of a configuration.
    ///
    /// - Parameters:
    ///   - yaml: the text.
    ///   - name: stands for the file in messages.
    ///   - overrides: as in ``load(path:overrides:)``.
    /// - Returns: a configuration in which every rule holds.
    /// - Throws: ``ConfigurationError`` with every fault found.
    public static func parse(
        yaml: String,
        name: String,
        overrides: [String] = []
    ) throws(ConfigurationError) -> JobConfiguration {
        var tree = try ConfigurationTree(yaml: yaml) { .file(name, line: $0) }
        var faults: [ConfigurationError.Fault] = []
        for override in overrides {
            do throws(ConfigurationError) {
                try tree.apply(override: override)
            } catch {
                faults += error.faults
            }
        }
        let configuration = JobConfiguration.read(tree, key: "", faults: &faults)
        guard let configuration, faults.isEmpty else { throw ConfigurationError(faults) }
        faults = configuration.contradictions(in: tree)
        guard faults.isEmpty else { throw ConfigurationError(faults) }
        return configuration
    }

    /// The complete configuration as YAML, defaults included: the copy kept with a run.
    ///
    /// Reading it back gives an equal value.
    ///
    /// - Throws: an error of the YAML library, which would be its bug or ours.
    public func resolvedYAML() throws -> String {
        try Yams.serialize(node: node, indent: 2, width: -1, allowUnicode: true)
    }
}
