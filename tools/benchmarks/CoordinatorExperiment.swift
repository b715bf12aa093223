import Foundation
import Orchestration
import RolloutModel

/// Rank 0's work for a run, without MPI: each message is decoded, handled, and its answers encoded.
enum CoordinatorExperiment: Experiment {
    static let name = "coordinator"
    static let question = "How many results can rank 0 take, with few ranks and with many?"

    static func figures(_ scale: Scale) throws -> [Figure] {
        let perRank = scale == .quick ? 1_000 : 8_000
        let repetitions = scale == .quick ? 1 : 3
        var few: [Double] = []
        var many: [Double] = []
        for _ in 0..<repetitions {
            few.append(try secondsPerResult(rankCount: 4, resultsPerRank: perRank * 16))
            many.append(try secondsPerResult(rankCount: 64, resultsPerRank: perRank))
        }
        let (fewest, most) = (few.min() ?? .nan, many.min() ?? .nan)
        let crowd = try secondsPerResult(rankCount: 1_024, resultsPerRank: perRank / 8)
        return [
            Figure(
                "results handled with 64 ranks",
                1 / most,
                "1/s",
                against: "what a large cluster needs",
                50_000,
                .atLeast(1)
            ),
            Figure(
                "CPU per result with 64 ranks",
                most * 1e6,
                "µs",
                against: "with 4 ranks, as many results",
                fewest * 1e6,
                .atMost(1.2)
            ),
            Figure(
                "CPU per result with 1,024 ranks",
                crowd * 1e6,
                "µs",
                against: "with 4 ranks",
                fewest * 1e6
            ),
        ]
    }

    /// CPU seconds of rank 0 for each result of a whole run.
    private static func secondsPerResult(rankCount: Int, resultsPerRank: Int) throws -> Double {
        let sampleCount = 16
        let slots = 64
        let workers = (1...rankCount).map { Rank($0) }
        var coordinator = Coordinator(
            problemCount: rankCount * resultsPerRank / sampleCount,
            sampleCount: sampleCount,
            done: [],
            workers: workers
        )
        let request = WorkerMessage.request(freeSlots: slots).bytes
        // Messages are made beforehand, for only rank 0's side is to be measured.
        var arriving = workers.map { (from: $0, bytes: request) }
        var spent = 0.0
        while !coordinator.isComplete {
            var answers: [(to: Rank, bytes: [UInt8])] = []
            let start = RoundCosts.processorSeconds
            for message in arriving {
                let decoded = try WorkerMessage(bytes: message.bytes)
                for outgoing in try coordinator.handle(decoded, from: message.from) {
                    answers.append((outgoing.worker, outgoing.message.bytes))
                }
            }
            spent += RoundCosts.processorSeconds - start
            arriving = try answers.flatMap { answer in
                let outcomes = try outcomes(of: CoordinatorMessage(bytes: answer.bytes))
                return [
                    (from: answer.to, bytes: WorkerMessage.outcomes(outcomes).bytes),
                    (from: answer.to, bytes: request),
                ]
            }
        }
        return spent / Double(coordinator.taskCount)
    }

    private static func outcomes(of message: CoordinatorMessage) -> [EpisodeOutcome] {
        guard case .work(let shards) = message else { return [] }
        return shards.flatMap(\.tasks).map { task in
            EpisodeOutcome(
                task: task,
                status: .completed,
                finish: .answer,
                outcome: .right,
                voteKey: "\\frac{1}{\(task.problem)}",
                outputTokenCount: 4_096,
                toolCallCount: 3
            )
        }
    }
}
