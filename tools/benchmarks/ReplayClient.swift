import Configuration
import Foundation
import RolloutModel

/// The same calls that a run has made, made once more by `replay_client.py`.
struct ReplayClient {
    /// What the client says of itself.
    struct Result: Decodable {
        let wall: Double
        let processor: Double
        let tokens: Int
    }

    let socket: String
    let model: String
    let runSeed: UInt64
    let concurrency: Int
    /// Whether each turn's length is asked for outright, so that no draw can change it.
    let asksForLengths: Bool
    /// Whether it tokenises prompts and tool outputs as the program does.
    let tokenizes: Bool

    /// One that runs.
    struct Running {
        fileprivate let process: Process
        fileprivate let output: Pipe

        /// Waits for its end.
        func result() throws -> Result {
            let printed = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return try JSONDecoder().decode(Result.self, from: printed)
        }
    }

    /// Begins to replay `episodes`, in their order.
    func start(_ episodes: [Episode], directory: URL) throws -> Running {
        let plan: [String: Any] = [
            "socket": socket, "model": model, "concurrency": concurrency,
            "stop": AgentSection().stop, "episodes": episodes.map(calls),
        ]
        let file = directory.appending(path: "plan-\(UUID().uuidString.prefix(8)).json")
        try JSONSerialization.data(withJSONObject: plan).write(to: file)
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: ".venv/bin/python")
        process.arguments = ["tools/benchmarks/replay_client.py", file.path]
        process.standardOutput = pipe
        try process.run()
        return Running(process: process, output: pipe)
    }

    private func calls(_ episode: Episode) -> [[String: Any]] {
        var calls: [[String: Any]] = []
        var modelTurnIndex = 0
        for turn in episode.trajectory.turns {
            switch turn.role {
            // What the program knew already, it did not ask for.
            case .prompt where tokenizes && turn.wallSeconds > 0:
                calls.append(["messages": [["role": "user", "content": turn.text]]])
            case .tool where tokenizes && turn.wallSeconds > 0:
                calls.append(["text": turn.text])
            case .prompt, .tool: continue
            case .model:
                let seed = episode.task.seed(runSeed: runSeed, turnIndex: modelTurnIndex)
                modelTurnIndex += 1
                calls.append([
                    "ids": episode.trajectory.ids[..<turn.tokens.lowerBound].map { Int($0) },
                    "max_tokens": asksForLengths ? turn.tokens.count : 3000,
                    "seed": Int(seed), "exact": asksForLengths,
                ])
            }
        }
        return calls
    }
}
