import Foundation
import Orchestration

/// Jobs of many real MPI ranks on this machine, whose attempts only take time.
enum SimulatedRanks {
    /// Runs `job` on rank 0 and `workerCount` workers, and gives what each rank has spent.
    static func run(
        workerCount: Int,
        _ job: (_ directory: String) -> SimulatedJob
    ) throws -> [SimulatedJob.Report] {
        try FileManager.default.withScratchDirectory { directory in
            let told = try JSONEncoder().encode(job(directory))
            let output = try ProgramRun(
                "deepmath-bench",
                ["--simulated-rank", String(decoding: told, as: UTF8.self)],
                ranks: workerCount + 1
            ).output
            guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("[{") })
            else { throw ProgramRun.Failure(description: "no report in: \(output)") }
            return try JSONDecoder().decode([SimulatedJob.Report].self, from: Data(line.utf8))
        }
    }

    /// One rank of such a job; rank 0 prints what all have spent.
    static func runRank(_ told: String) throws {
        let job = try JSONDecoder().decode(SimulatedJob.self, from: Data(told.utf8))
        let reports = try job.run()
        guard !reports.isEmpty else { return }
        print(String(decoding: try JSONEncoder().encode(reports), as: UTF8.self))
    }
}
