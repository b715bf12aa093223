import MPI
import RolloutModel
import TraceStore

/// A made-up run: every value depends on the attempt alone, so that any rank makes the same episode.
enum ExampleRun {
    static let attributes = [
        "configuration": "dataset: {path: problems.jsonl}\nmodel: {path: größer}\n",
        "program_version": "0.1.0", "created": "now", "sandbox_versions": "numpy 0.9, python 3.0",
        "grader_versions": "math-verify 0.1",
    ]

    static func problems(_ count: Int) -> [Problem] {
        (0..<count).map {
            Problem(
                id: "problem-\($0)",
                statement: "Wie groß ist \($0) + 1?",
                answer: "\($0 + 1)",
                subject: $0.isMultiple(of: 2) ? "algebra" : "",
                level: "Level \($0 % 5)",
                dataset: $0 < 10 ? "first" : "second"
            )
        }
    }

    static func tasks(problemCount: Int, sampleCount: Int) -> [EpisodeTask] {
        (0..<problemCount).flatMap { problem in
            (0..<sampleCount).map {
                EpisodeTask(problem: ProblemIndex(problem), sample: SampleIndex($0))
            }
        }
    }

    /// An attempt with every status, finish, outcome and number of turns among its neighbours; some
    /// without any turn.
    static func episode(_ task: EpisodeTask) throws -> Episode {
        let key = task.problem.value * 7 + task.sample.value
        let callCount = key % 4
        var builder = TrajectoryBuilder()
        var calls: [ToolCall] = []
        if !key.isMultiple(of: 11) {
            builder.append(
                .prompt,
                ids: ids(key, 5 + key % 13),
                text: "prompt \(key) ∑",
                wallSeconds: 0
            )
            for call in 0..<callCount {
                appendModelTurn(&builder, key: key + call, stopReason: "stop")
                calls.append(toolCall(key + call, turnIndex: builder.turns.count - 1))
                builder.append(
                    .tool,
                    ids: ids(key * 3, 4),
                    text: "```output\n\(key)\n```",
                    wallSeconds: 0.25
                )
            }
            appendModelTurn(&builder, key: key, stopReason: key.isMultiple(of: 5) ? "length" : "")
        }
        let statuses = Episode.Status.allCases
        let finishes = Episode.Finish.allCases
        let outcomes = Grade.Outcome.allCases
        let outcome = outcomes[key % outcomes.count]
        return Episode(
            task: task,
            status: statuses[key % statuses.count],
            finish: finishes[key % finishes.count],
            failure: key.isMultiple(of: 3) ? "" : "f\(key)",
            trajectory: try builder.trajectory(),
            toolCalls: calls,
            grade: Grade(
                outcome: outcome,
                answer: "\\frac{\(key % 3)}{2}",
                canonicalAnswer: "\(key % 3)/2",
                wallSeconds: Double(key) / 8
            ),
            isCopiedFromStatement: key.isMultiple(of: 6),
            neutralizedCount: key % 4,
            opensThought: key.isMultiple(of: 5),
            reward: outcome == .right ? 1 : -0.5,
            rewardParts: RewardParts(
                accuracy: outcome == .right ? 1 : 0,
                toolUse: Double(callCount),
                length: -Double(key) / 64
            ),
            advantage: Double(key % 9) / 8 - 0.5,
            policyVersion: task.sample.value / 2,
            seed: task.seed(runSeed: 5, turnIndex: 0),
            temperature: 0.7,
            retryCount: key % 3,
            cachedTokenCount: key * 2,
            times: Episode.Times(
                total: Double(key),
                inference: Double(key) / 2,
                sandbox: Double(key) / 4,
                grading: Double(key) / 16,
                startedAt: 1_700_000_000.5 + Double(key)
            )
        )
    }

    static func sample(round: Int, rank: Int) -> RankSample {
        RankSample(
            round: round,
            rank: Rank(rank),
            host: "node-\(rank)",
            gpu: rank == 0 ? "" : "GPU \(rank)",
            inFlightCount: rank * 3,
            episodeCount: round + rank,
            sampledTokenCount: round * 1000 + rank,
            restartCount: rank,
            wallSeconds: 1.5,
            endedAt: 1_700_000_000 + Double(round) * 1.5,
            sandboxLatency: SandboxLatency(seconds: [0, 0.0015, 0.25, Double(rank), 1e6])
        )
    }

    static let hosts = ["node-0", "node-1"].map { name in
        RunHost(
            name: name,
            rankCount: 2,
            coreCount: 96,
            memoryBytes: 512 << 30,
            gpus: "0,1",
            system: "Linux ⁂"
        )
    }

    private static func appendModelTurn(
        _ builder: inout TrajectoryBuilder,
        key: Int,
        stopReason: String
    ) {
        let ids = ids(key, 20 + key % 50)
        builder.appendModelTurn(
            ids: ids,
            logProbabilities: ids.map { -Float($0 % 97) / 64 },
            text: "thinking about \(key) in words, π ≈ 3.14159",
            wallSeconds: 0.5,
            stopReason: stopReason
        )
    }

    private static func toolCall(_ key: Int, turnIndex: Int) -> ToolCall {
        ToolCall(
            turnIndex: turnIndex,
            code: "print(\(key))",
            // Every third is what Python would say.
            output: key.isMultiple(of: 2) && !key.isMultiple(of: 3) ? "" : "\(key)\n",
            status: key.isMultiple(of: 2) || key.isMultiple(of: 3) ? "ok" : "exception",
            wallSeconds: 0.125,
            peakBytes: key << 20
        )
    }

    private static func ids(_ key: Int, _ count: Int) -> [Int32] {
        (0..<count).map { Int32(truncatingIfNeeded: (key &* 7919 &+ $0 &* 104_729) & 0x1_ffff) }
    }
}
