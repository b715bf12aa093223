// The reference's own results, to read a run beside them.

import Configuration

/// How a model attempts a problem: the rows of the published table.
enum Method: String, CaseIterable {
    case baseline = "baseline"
    case adapter = "+ GRPO"
    case agent = "+ agent"
    case both = "DeepMath"

    /// The method of a job, from its configuration alone.
    init(_ job: JobConfiguration) {
        switch (job.agent.enabled, job.engine.adapter != nil) {
        case (false, false): self = .baseline
        case (false, true): self = .adapter
        case (true, false): self = .agent
        case (true, true): self = .both
        }
    }
}

/// The benchmarks of the published table, its columns.
///
/// It does not say of which year its AIME is; a share of 63.33 % fits thirty problems, one year.
enum Benchmark: String, CaseIterable {
    case aime = "AIME"
    case hmmt = "HMMT"
    case hle = "HLE"
    case math500 = "MATH500"

    /// The benchmark that a data set belongs to by its name; nil for any other.
    init?(dataset: String) {
        let name = dataset.lowercased().filter { $0.isLetter || $0.isNumber }
        let known = Self.allCases.first { name.hasPrefix($0.rawValue.lowercased()) }
        guard let known else { return nil }
        self = known
    }
}

/// One cell of the published table.
struct PublishedFigure {
    /// Majority of 16 samples, percent of problems.
    let majorityPercent: Double
    /// Mean output, tokens.
    let outputTokens: Double

    /// The cell of a method and a benchmark.
    ///
    /// Source: the result table of IntelLabs/DeepMath, Qwen3-4B-Thinking-2507.
    static func of(_ method: Method, _ benchmark: Benchmark) -> PublishedFigure {
        let (majority, tokens): (Double, Double) =
            switch (method, benchmark) {
            case (.baseline, .aime): (63.33, 16_797)
            case (.baseline, .hmmt): (41.11, 17_847)
            case (.baseline, .hle): (4, 17_004)
            case (.baseline, .math500): (96, 5_588)
            case (.adapter, .aime): (66.67, 16_613)
            case (.adapter, .hmmt): (40.00, 17_885)
            case (.adapter, .hle): (3, 17_088)
            case (.adapter, .math500): (98, 5_346)
            case (.agent, .aime): (56.67, 7_574)
            case (.agent, .hmmt): (44.83, 7_410)
            case (.agent, .hle): (3, 5_768)
            case (.agent, .math500): (98, 3_565)
            case (.both, .aime): (66.67, 7_959)
            case (.both, .hmmt): (48.89, 7_706)
            case (.both, .hle): (5, 5_860)
            case (.both, .math500): (98, 3_532)
            }
        return PublishedFigure(majorityPercent: majority, outputTokens: tokens)
    }
}
