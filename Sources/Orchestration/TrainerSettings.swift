// RUN/trainer/settings.json: all that the trainer is told. It reads the step files and writes the
// adapters; nothing else passes between the two programs.

import Configuration
private import Foundation

/// The trainer's settings, as JSON with the property names in snake case.
struct TrainerSettings: Encodable {
    private struct LoRA: Encodable {
        let rank: Int
        let alpha: Double
        let dropout: Double
        let rslora: Bool
        let targets: Targets
    }

    /// One word that stands for many layers, or a list of layers.
    private enum Targets: Encodable {
        case word(String)
        case layers([String])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .word(let word): try container.encode(word)
            case .layers(let layers): try container.encode(layers)
            }
        }
    }

    /// A value of a field that only TRL knows: a number or a truth value where it reads as one.
    private struct FurtherValue: Encodable {
        let text: String

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let whole = Int(text) {
                try container.encode(whole)
            } else if let number = Double(text) {
                try container.encode(number)
            } else if let truth = Bool(text) {
                try container.encode(truth)
            } else {
                try container.encode(text)
            }
        }
    }

    private let run: String
    private let runId: String
    private let model: String
    private let modelDtype: String
    private let startAdapter: String?
    private let steps: Int
    private let groupsPerStep: Int
    private let groupSize: Int
    private let seed: UInt64
    private let scaleRewards: String
    private let learningRate: Double
    private let schedule: String
    private let warmupRatio: Double
    private let weightDecay: Double
    private let maxGradNorm: Double
    private let epsilon: Double
    private let epsilonHigh: Double
    private let beta: Double
    private let lossType: String
    private let updatesPerStep: Int
    private let microBatch: Int
    private let importanceMode: String
    private let importanceClipMax: Double
    private let gradientCheckpointing: Bool
    private let checkpointSteps: Int
    private let checkpointsKept = 2
    private let log: String
    private let outputTokenLimit: Int
    private let lora: LoRA
    private let further: [String: FurtherValue]

    /// The settings of a run in `directory`, known by `runID`.
    init(_ configuration: JobConfiguration, directory: RunDirectory, runID: String) {
        let (training, trainer) = (configuration.training, configuration.trainer)
        run = directory.path
        runId = runID
        model = configuration.model.path
        modelDtype = trainer.modelType
        startAdapter = configuration.engine.adapter
        steps = training.steps
        groupsPerStep = training.problemsPerStep
        groupSize = training.groupSize
        // TRL takes 32 bits.
        seed = configuration.run.seed & 0xffff_ffff
        scaleRewards = training.advantage == .scaled ? "group" : "none"
        learningRate = trainer.learningRate
        schedule = trainer.schedule
        warmupRatio = trainer.warmupRatio
        weightDecay = trainer.weightDecay
        maxGradNorm = trainer.maxGradNorm
        epsilon = trainer.epsilon
        epsilonHigh = trainer.epsilonHigh
        beta = trainer.beta
        lossType = trainer.lossType
        updatesPerStep = trainer.updatesPerStep
        microBatch = trainer.microBatch
        importanceMode = trainer.importanceMode
        importanceClipMax = trainer.importanceClipMax
        gradientCheckpointing = trainer.gradientCheckpointing
        checkpointSteps = trainer.checkpointSteps
        log = trainer.log.rawValue
        outputTokenLimit = configuration.agent.outputTokens
        lora = LoRA(
            rank: trainer.loraRank,
            alpha: trainer.loraAlpha,
            dropout: trainer.loraDropout,
            rslora: trainer.rankStabilized,
            targets: trainer.loraTargets.count == 1
                ? .word(trainer.loraTargets[0]) : .layers(trainer.loraTargets)
        )
        further = trainer.further.mapValues { FurtherValue(text: $0) }
    }

    /// Writes the settings as a whole.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
