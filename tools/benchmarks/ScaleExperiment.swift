import Foundation
import Orchestration

/// Real ranks, real rounds and real files, without engines.
enum ScaleExperiment: Experiment {
    static let name = "scale"
    static let question = "What does a job cost beside its engines, with few ranks and with many?"

    static func figures(_ scale: Scale) throws -> [Figure] {
        let perWorker = scale == .quick ? 32 : 128
        let few = try busy(workerCount: 4, attemptsPerWorker: perWorker * 16, tokenCount: 100)
        let many = try busy(workerCount: 64, attemptsPerWorker: perWorker, tokenCount: 100)
        let idle = try idle(seconds: scale == .quick ? 4 : 10)
        let (fewest, most) = (few[0].costs, many[0].costs)
        return [
            Figure(
                "rank 0, processor time a message, 64 workers",
                most.messageSeconds / Double(most.received.count) * 1e6,
                "µs",
                against: "with 4 workers",
                fewest.messageSeconds / Double(fewest.received.count) * 1e6
            ),
            Figure(
                "rank 0, processor time a result, 64 workers",
                most.messageSeconds / Double(perWorker * 64) * 1e6,
                "µs",
                against: "with 4 workers, as many results",
                fewest.messageSeconds / Double(perWorker * 64) * 1e6,
                .atMost(1.2)
            ),
            Figure(
                "bytes to and from rank 0 a result, 64 workers",
                Double(most.received.byteCount + most.sent.byteCount) / Double(perWorker * 64),
                "B",
                against: "with 4 workers",
                Double(fewest.received.byteCount + fewest.sent.byteCount) / Double(perWorker * 64)
            ),
            Figure(
                "messages to and from rank 0 a result, 64 workers",
                Double(most.received.count + most.sent.count) / Double(perWorker * 64),
                "",
                against: "with 4 workers",
                Double(fewest.received.count + fewest.sent.count) / Double(perWorker * 64)
            ),
            Figure(
                "rank 0, looks and agreements, 64 workers",
                restingShare(many[0]) * 100,
                "% core",
                against: "with 4 workers",
                restingShare(few[0]) * 100
            ),
            Figure(
                "rank 0, processor time a collective write, 64 workers",
                most.writeSeconds / Double(max(1, most.writeCount)) * 1e3,
                "ms",
                against: "with 4 workers",
                fewest.writeSeconds / Double(max(1, fewest.writeCount)) * 1e3
            ),
            Figure(
                "idle loop, the busiest of 3 ranks",
                (idle.map(restingShare).max() ?? .nan) * 100,
                "% core",
                against: "budget",
                1,
                .atMost(1)
            ),
        ]
    }

    /// The part of a core that goes into looks and agreements, and into the attempts' own sleeps.
    private static func restingShare(_ report: SimulatedJob.Report) -> Double {
        let costs = report.costs
        return (report.processorSeconds - costs.messageSeconds - costs.writeSeconds)
            / report.wallSeconds
    }

    /// Workers with 16 attempts each at a time, of a second or so.
    private static func busy(
        workerCount: Int,
        attemptsPerWorker: Int,
        tokenCount: Int
    ) throws -> [SimulatedJob.Report] {
        try SimulatedRanks.run(workerCount: workerCount) { directory in
            SimulatedJob(
                directory: directory,
                problemCount: workerCount * attemptsPerWorker / 16,
                sampleCount: 16,
                concurrency: 16,
                medianSeconds: 1,
                sigma: 1,
                tokenCount: tokenCount,
                roundSeconds: 5
            )
        }
    }

    /// Ranks whose attempts all end at the end: nothing comes in meanwhile, and nothing is written.
    private static func idle(seconds: Double) throws -> [SimulatedJob.Report] {
        try SimulatedRanks.run(workerCount: 2) { directory in
            SimulatedJob(
                directory: directory,
                problemCount: 4,
                sampleCount: 16,
                concurrency: 32,
                medianSeconds: seconds,
                sigma: 0,
                tokenCount: 1,
                roundSeconds: 600
            )
        }
    }
}
