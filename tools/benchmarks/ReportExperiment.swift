import Foundation
import HDF5
import TraceStore

/// The report tool on a run as large as an evaluation of 500 problems with 16 samples.
enum ReportExperiment: Experiment {
    static let name = "report"
    static let question = "How long is the wait for a report on 8,000 episodes of 10,000 tokens?"

    static func figures(_ scale: Scale) throws -> [Figure] {
        // Half as many rounds make a quick run of half the size; budgets stay.
        let roundCount = scale == .quick ? 10 : 20
        return try FileManager.default.withScratchDirectory { directory in
            _ = try ProgramRun(
                "parallel-checks",
                ["longRun", directory, "200", "10000", "\(roundCount)"],
                ranks: 2
            )
            let file = directory + "/traces.h5"
            let summary = try fastest(of: 3, ["summary", directory])
            let page = try fastest(of: 1, ["html", directory, "-o", directory + "/page.html"])
            let verify = try fastest(of: 2, ["verify", directory])
            let (raw, byteCount) = try rawRead(file)
            let megabytes = Double(byteCount) / 1e6
            return [
                Figure("summary", summary.seconds, "s", against: "budget", 2, .atMost(1)),
                Figure(
                    "summary, resident memory",
                    summary.peakBytes / 1e6,
                    "MB",
                    against: "budget",
                    200,
                    .atMost(1)
                ),
                Figure("html", page.seconds, "s", against: "budget", 10, .atMost(1)),
                Figure(
                    "verify",
                    megabytes / verify.seconds,
                    "MB/s",
                    against: "reading every dataset with HDF5, no check",
                    megabytes / raw,
                    .atLeast(0.5)
                ),
            ]
        }
    }

    private static func fastest(of count: Int, _ arguments: [String]) throws -> ProgramRun {
        let runs = try (0..<count).map { _ in try ProgramRun("deepmath-report", arguments) }
        guard let fastest = runs.min(by: { $0.seconds < $1.seconds }) else {
            preconditionFailure("at least one run")
        }
        return fastest
    }

    /// Seconds to read all datasets in blocks, and their bytes before compression.
    private static func rawRead(_ path: String) throws -> (seconds: Double, byteCount: Int) {
        let start = ContinuousClock.now
        let file = try HDF5File(opening: path)
        var byteCount = 0
        for (dataset, type) in TraceSchema.datasets {
            let open = try file.openDataset(dataset)
            let count = try open.count()
            for first in stride(from: 0, to: count, by: 1 << 20) {
                let range = first..<min(first + 1 << 20, count)
                switch type {
                case .uint8: _ = try open.read(UInt8.self, in: range)
                case .int32: _ = try open.read(Int32.self, in: range)
                case .int64: _ = try open.read(Int64.self, in: range)
                case .uint64: _ = try open.read(UInt64.self, in: range)
                case .float: _ = try open.read(Float.self, in: range)
                case .double: _ = try open.read(Double.self, in: range)
                case .int8, .int16: preconditionFailure("no column is declared so")
                }
                byteCount += range.count * type.byteCount
            }
        }
        return ((ContinuousClock.now - start) / .seconds(1), byteCount)
    }
}
