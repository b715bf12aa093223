/// `trainer`: the program that turns steps into LoRA updates, and its hyper-parameters.
public struct TrainerSection: Hashable, Sendable, Codable {
    /// Where the trainer's measurements go besides the run directory.
    public enum Log: String, Hashable, Sendable, Codable, NamedChoice {
        case none, tensorboard, wandb
    }

    /// Python with TRL; nil takes the engine's.
    public var python: String?
    /// Words before the script, such as `accelerate launch ...` or `srun ...`; empty is Python alone.
    public var command: [String] = []
    /// The trainer's program.
    public var script = "tools/trainer/grpo.py"
    /// Further variables of its environment.
    public var environment: [String: String] = [:]
    /// Whether it gets Slurm's variables, which `srun` needs.
    public var keepsSlurmVariables = false
    /// Starts after it has died, 0 or more.
    public var restarts = 1

    /// Peak learning rate.
    public var learningRate = 1e-6
    /// Course of the learning rate, by its name in transformers.
    public var schedule = "cosine"
    /// Share of the steps in which it grows to its peak.
    public var warmupRatio = 0.1
    /// AdamW's weight decay.
    public var weightDecay = 0.0
    /// Largest norm of a gradient.
    public var maxGradNorm = 1.0
    /// Lower clip of the ratio.
    public var epsilon = 0.2
    /// Upper clip of the ratio (DAPO's clip-higher).
    public var epsilonHigh = 0.4
    /// Weight of the KL divergence from the model as given.
    public var beta = 0.0
    /// The loss, by its name in TRL.
    public var lossType = "dapo"
    /// Passes over the samples of a step.
    public var updatesPerStep = 1
    /// Rows of one forward pass, at most.
    public var microBatch = 8
    /// Correction between engine and trainer, by its name in TRL.
    public var importanceMode = "sequence_mask"
    /// Largest ratio of that correction.
    public var importanceClipMax = 3.0
    /// Type of the model's weights in the trainer.
    public var modelType = "bfloat16"
    /// Whether activations are computed twice to save memory.
    public var gradientCheckpointing = false
    /// Rank of the update matrices.
    public var loraRank = 32
    /// Scale of the update.
    public var loraAlpha = 16.0
    /// Dropout before the update.
    public var loraDropout = 0.0
    /// Whether the scale is alpha / sqrt(rank).
    public var rankStabilized = true
    /// Layers with an update; `all-linear`, or their names.
    public var loraTargets = ["all-linear"]
    /// Steps between two checkpoints.
    public var checkpointSteps = 1
    /// Where measurements go.
    public var log = Log.none
    /// Further fields of TRL's configuration.
    public var further: [String: String] = [:]

    /// All defaults.
    public init() {}
}

extension TrainerSection: ConfigurationSection {
    static var initial: Self { Self() }

    static var keys: [ConfigurationKey<Self>] { processKeys + updateKeys + lossKeys + loraKeys }

    private static var processKeys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "python",
                \.python,
                must: .ifGiven(.notEmpty),
                scope: .placement,
                "Python with TRL; null takes engine.python."
            ),
            ConfigurationKey(
                "command",
                \.command,
                must: .each(.notEmpty),
                scope: .placement,
                "Words before the script: accelerate launch ..., srun ...; empty is Python alone."
            ),
            ConfigurationKey(
                "script",
                \.script,
                must: .notEmpty,
                scope: .placement,
                "The trainer's program."
            ),
            ConfigurationKey(
                "environment",
                \.environment,
                scope: .placement,
                "Further variables of the trainer's environment."
            ),
            ConfigurationKey(
                "keeps_slurm_variables",
                \.keepsSlurmVariables,
                scope: .placement,
                "true where the command is srun, which needs Slurm's variables."
            ),
            ConfigurationKey(
                "restarts",
                \.restarts,
                must: .within(0...Limits.restarts),
                scope: .placement,
                "Starts after the trainer has died; it goes on from its last checkpoint."
            ),
            ConfigurationKey(
                "micro_batch",
                \.microBatch,
                must: .within(1...1_000_000),
                scope: .placement,
                "Rows of one forward pass of one trainer process, at most."
            ),
            ConfigurationKey(
                "gradient_checkpointing",
                \.gradientCheckpointing,
                scope: .placement,
                "Compute activations twice to save memory."
            ),
            ConfigurationKey(
                "checkpoint_steps",
                \.checkpointSteps,
                must: .within(1...Limits.steps),
                scope: .placement,
                "Steps between two checkpoints of the trainer."
            ),
            ConfigurationKey(
                "log",
                \.log,
                scope: .placement,
                "none, tensorboard (in RUN/trainer) or wandb (leaves the machine)."
            ),
        ]
    }

    private static var updateKeys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "learning_rate",
                \.learningRate,
                must: .above(0, upTo: 1_000),
                "Peak learning rate."
            ),
            ConfigurationKey(
                "schedule",
                \.schedule,
                must: .notEmpty,
                "Course of the learning rate: cosine, linear, constant_with_warmup, ..."
            ),
            ConfigurationKey(
                "warmup_ratio",
                \.warmupRatio,
                must: .within(0...1),
                "Share of the steps in which the learning rate grows to its peak."
            ),
            ConfigurationKey(
                "weight_decay",
                \.weightDecay,
                must: .within(0...1_000),
                "AdamW's weight decay."
            ),
            ConfigurationKey(
                "max_grad_norm",
                \.maxGradNorm,
                must: .above(0, upTo: Limits.real),
                "Gradients with a larger norm are scaled down to it."
            ),
            ConfigurationKey(
                "updates_per_step",
                \.updatesPerStep,
                must: .within(1...1_000_000),
                "Passes over the samples of one step."
            ),
            ConfigurationKey(
                "further",
                \.further,
                "Further fields of TRL's GRPOConfig, by name."
            ),
        ]
    }

    private static var lossKeys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "loss_type",
                \.lossType,
                must: .notEmpty,
                "Loss, by TRL's name: dapo, grpo, dr_grpo, bnpo, cispo, ..."
            ),
            ConfigurationKey(
                "epsilon",
                \.epsilon,
                must: .within(0...1),
                "Lower clip of the probability ratio."
            ),
            ConfigurationKey(
                "epsilon_high",
                \.epsilonHigh,
                must: .within(0...10),
                "Upper clip of the probability ratio (clip-higher)."
            ),
            ConfigurationKey(
                "beta",
                \.beta,
                must: .within(0...1_000),
                "Weight of the KL divergence from the model as given."
            ),
            ConfigurationKey(
                "importance_mode",
                \.importanceMode,
                must: .notEmpty,
                "Correction for the engine's rounding: sequence_mask, token_truncate, ..."
            ),
            ConfigurationKey(
                "importance_clip_max",
                \.importanceClipMax,
                must: .above(0, upTo: Limits.real),
                "Largest ratio of that correction."
            ),
        ]
    }

    private static var loraKeys: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "model_type",
                \.modelType,
                must: .notEmpty,
                "Type of the model's weights in the trainer: bfloat16, float32, auto."
            ),
            ConfigurationKey(
                "lora_rank",
                \.loraRank,
                must: .within(1...512),
                "Rank of the update matrices."
            ),
            ConfigurationKey(
                "lora_alpha",
                \.loraAlpha,
                must: .above(0, upTo: 1_000_000),
                "Scale of the update."
            ),
            ConfigurationKey(
                "lora_dropout",
                \.loraDropout,
                must: .within(0...0.99),
                "Dropout before the update."
            ),
            ConfigurationKey(
                "rank_stabilized",
                \.rankStabilized,
                "Scale by alpha / sqrt(rank) instead of alpha / rank."
            ),
            ConfigurationKey(
                "lora_targets",
                \.loraTargets,
                must: .each(.notEmpty),
                "Layers with an update: all-linear, or their names."
            ),
        ]
    }
}
