import Foundation

/// Three ranks write rounds of long episodes, by turns as traces and as plain bytes.
enum TracesExperiment: Experiment {
    static let name = "traces"
    static let question = "What do structure, checksums and durability cost a collective write?"

    /// What `parallel-checks speed` prints.
    private struct Seconds: Decodable {
        let bytes: Double
        let layOut: Double
        let append: Double
        let plain: Double
        let emptyRound: Double
        let pack: Double
    }

    static func figures(_ scale: Scale) throws -> [Figure] {
        let repetitions = scale == .quick ? 1 : 3
        var runs: [Seconds] = []
        for _ in 0..<repetitions {
            let output = try FileManager.default.withScratchDirectory { directory in
                try ProgramRun(
                    "parallel-checks",
                    ["speed", directory, "64", "10000", scale == .quick ? "4" : "8"],
                    ranks: 3
                ).output
            }
            guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix("{") })
            else { throw ProgramRun.Failure(description: "no figures in: \(output)") }
            runs.append(try JSONDecoder().decode(Seconds.self, from: Data(line.utf8)))
        }
        // The middle run by what the first figure compares.
        let run = runs.sorted { $0.append / $0.plain < $1.append / $1.plain }[runs.count / 2]
        let megabytes = run.bytes / 1e6
        return [
            Figure(
                "collective append, 3 ranks",
                megabytes / run.append,
                "MB/s",
                against: "plain MPI-IO, as many bytes",
                megabytes / run.plain,
                .atLeast(0.8)
            ),
            // Not part of the append: each rank does it as its episodes come, while engines work.
            Figure(
                "laying out and checksumming as episodes come, 3 ranks",
                megabytes / run.layOut,
                "MB/s",
                against: "plain MPI-IO, as many bytes",
                megabytes / run.plain
            ),
            Figure(
                "empty round",
                run.emptyRound * 1e3,
                "ms",
                against: "budget",
                20,
                .atMost(1)
            ),
            Figure(
                "packing, compressed",
                megabytes / run.pack,
                "MB/s",
                against: "plain MPI-IO, as many bytes",
                megabytes / run.plain
            ),
        ]
    }
}
