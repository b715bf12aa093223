import FoundationEssentials
public import RolloutModel

/// What training did, step by step, from the step files and what the trainer wrote beside each adapter.
public struct TrainingCurve: Sendable {
    /// One step.
    public struct Point: Sendable {
        /// One-based number of the step, and of the update it made.
        public let step: Int
        /// The update that sampled it.
        public let policyVersion: Int
        /// Sampling temperature.
        public let temperature: Double
        /// What its attempts gave.
        public let summary: StepSummary
        /// Length of its round of attempts, seconds.
        public let generationSeconds: Double
        /// What the trainer measured; nil while the adapter is not there.
        public let update: Update?
    }

    /// The trainer's figures of one update; nil where it gives none.
    public struct Update: Decodable, Hashable, Sendable {
        /// The loss that was stepped on.
        public let loss: Double?
        /// Norm of the gradient before clipping.
        public let gradNorm: Double?
        /// Learning rate of the step.
        public let learningRate: Double?
        /// Mean entropy of the sampled tokens' distributions, nats.
        public let entropy: Double?
        /// Divergence from the model as given, nats per token; nil where it has no weight.
        public let kl: Double?
        /// Mean ratio between the trainer's and the engine's probabilities.
        public let importanceRatioMean: Double?
        /// From reading the step to the adapter, seconds.
        public let trainSeconds: Double?

        enum CodingKeys: String, CodingKey {
            case loss, entropy, kl
            case gradNorm = "grad_norm"
            case learningRate = "learning_rate"
            case importanceRatioMean = "importance_ratio_mean"
            case trainSeconds = "train_seconds"
        }
    }

    /// The steps, in order; empty for a run that is no training.
    public let points: [Point]

    /// The curve of the run in `directory`; a single file has none.
    ///
    /// - Parameters:
    ///   - directory: of the run.
    ///   - skippingDamage: gets each damaged file, which is then left out; without it the first one is thrown.
    /// - Throws: ``TraceError`` when a step file is damaged or does not say what it must.
    public init(
        run directory: String,
        skippingDamage: ((TraceError) -> Void)? = nil
    ) throws {
        let run = RunDirectory(path: directory)
        points = try run.stepNumbers().compactMap { number in
            do {
                return try Self.point(number, run, skippingDamage)
            } catch let error as TraceError {
                guard let skippingDamage, error.isOfOneFile else { throw error }
                skippingDamage(error)
                return nil
            }
        }
    }

    private static func point(
        _ number: Int,
        _ run: RunDirectory,
        _ skippingDamage: ((TraceError) -> Void)?
    ) throws -> Point {
        let path = run.stepPath(number)
        let reader = try TraceReader(run: path, skippingDamage: skippingDamage)
        let attributes = try TraceFile(path).attributes(skippingDamage: skippingDamage)
        guard let version = attributes["policy_version"].flatMap({ Int($0) }),
            let temperature = attributes["temperature"].flatMap({ Double($0) }),
            (0...RunDirectory.lastNumber).contains(version), temperature.isFinite
        else {
            throw TraceError.damaged(
                path: path,
                reason: "it does not say which policy sampled it, at which temperature"
            )
        }
        var update: Update?
        do {
            update = try Self.update(run.metricsPath(number))
        } catch let error as TraceError {
            guard let skippingDamage else { throw error }
            skippingDamage(error)
        }
        return Point(
            step: number,
            policyVersion: version,
            temperature: temperature,
            summary: StepSummary(try reader.outcomes()),
            generationSeconds: try reader.rankSamples().map(\.wallSeconds).max() ?? 0,
            update: update
        )
    }

    private static func update(_ path: String) throws -> Update? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            let bytes = try Data(contentsOf: URL(filePath: path))
            return try JSONDecoder().decode(Update.self, from: bytes)
        } catch is DecodingError {
            throw TraceError.damaged(
                path: path,
                reason: "it is not the JSON object of numbers that a trainer writes"
            )
        } catch {
            throw TraceError.damaged(path: path, reason: "it cannot be read")
        }
    }
}
