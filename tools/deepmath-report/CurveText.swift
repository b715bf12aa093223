import TraceStore

/// The curve of a training run as text: a line for each step.
struct CurveText {
    private let rows: [[String]]
    private static let names = [
        "step", "policy", "temperature", "reward", "reward_deviation", "accuracy", "tool_use",
        "output_tokens", "equal_groups", "failures", "loss", "grad_norm", "learning_rate",
        "entropy", "kl", "importance_ratio", "generation_seconds", "train_seconds",
    ]

    init(_ curve: TrainingCurve) {
        rows = curve.points.map { point in
            let (summary, update) = (point.summary, point.update)
            func text(_ value: Double?, _ digits: Int) -> String {
                value.map { decimal($0, digits) } ?? "-"
            }
            return [
                "\(point.step)", "\(point.policyVersion)", text(point.temperature, 2),
                text(summary.rewardMean, 4), text(summary.rewardDeviation, 4),
                text(summary.accuracy, 4), text(summary.toolUse, 4),
                text(summary.meanOutputTokens, 1), text(summary.flatGroupShare, 4),
                "\(summary.failureCount)", text(update?.loss, 5), text(update?.gradNorm, 4),
                update?.learningRate.map { "\($0)" } ?? "-", text(update?.entropy, 4),
                text(update?.kl, 6), text(update?.importanceRatioMean, 6),
                text(point.generationSeconds, 1), text(update?.trainSeconds, 1),
            ]
        }
    }

    /// Aligned columns for a person, or comma-separated values.
    func text(asCSV: Bool) -> String {
        guard asCSV else { return TextTable([Self.names] + rows).text }
        return ([Self.names] + rows).map { $0.map(CSV.quoted).joined(separator: ",") + "\n" }
            .joined()
    }
}
