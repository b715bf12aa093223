// The tables of one file that have one element per row, read whole.

internal import RolloutModel

extension TraceReader {
    static func task(
        _ problem: Int32,
        _ sample: Int32,
        _ file: TraceFile
    ) throws -> EpisodeTask {
        guard problem >= 0, sample >= 0 else {
            throw TraceError.damaged(path: file.path, reason: "an episode has a negative index")
        }
        return EpisodeTask(
            problem: ProblemIndex(Int(problem)),
            sample: SampleIndex(Int(sample))
        )
    }

    static func outcomes(_ file: TraceFile) throws -> [EpisodeOutcome] {
        let table = TraceSchema.episodes
        let rowCount = Int(file.extents[.episodes])
        let problems = try file.values(EpisodeColumns.problem, of: table)
        let samples = try file.values(EpisodeColumns.sample, of: table)
        let statuses = try file.values(EpisodeColumns.status, of: table)
        let finishes = try file.values(EpisodeColumns.finish, of: table)
        let verdicts = try file.values(EpisodeColumns.outcome, of: table)
        let sampledCounts = try file.values(EpisodeColumns.sampledTokenCount, of: table)
        let callCounts = try file.values(EpisodeColumns.toolCallCount, of: table)
        let seconds = try file.values(EpisodeColumns.totalSeconds, of: table)
        let rewards = try file.values(EpisodeColumns.reward, of: table)
        let copied = try file.values(EpisodeColumns.copiedFromStatement, of: table)
        let strings = try file.strings(
            of: table,
            at: try file.texts(of: table),
            rows: 0..<rowCount
        )
        return try (0..<rowCount).map { row in
            let grade = Grade(
                outcome: verdicts[row],
                answer: strings[row][1],
                canonicalAnswer: strings[row][2],
                wallSeconds: 0
            )
            return EpisodeOutcome(
                task: try task(problems[row], samples[row], file),
                status: statuses[row],
                finish: finishes[row],
                outcome: verdicts[row],
                voteKey: grade.voteKey,
                outputTokenCount: Int(sampledCounts[row]),
                toolCallCount: Int(callCounts[row]),
                wallSeconds: seconds[row],
                reward: rewards[row],
                isCopiedFromStatement: copied[row] != 0
            )
        }
    }

    static func members(_ file: TraceFile) throws -> [EpisodeGroup.Member] {
        let table = TraceSchema.episodes
        let rewards = try file.values(EpisodeColumns.reward, of: table)
        let versions = try file.values(EpisodeColumns.policyVersion, of: table)
        return try outcomes(file).enumerated().map { row, outcome in
            EpisodeGroup.Member(
                outcome: outcome,
                reward: rewards[row],
                policyVersion: Int(versions[row])
            )
        }
    }

    static func rankSamples(_ file: TraceFile) throws -> [RankSample] {
        let table = TraceSchema.ranks
        let rowCount = Int(file.extents[.ranks])
        let rounds = try file.values(RankColumns.round, of: table)
        let ranks = try file.values(RankColumns.rank, of: table)
        let inFlight = try file.values(RankColumns.inFlightCount, of: table)
        let episodes = try file.values(RankColumns.episodeCount, of: table)
        let sampled = try file.values(RankColumns.sampledTokenCount, of: table)
        let restarts = try file.values(RankColumns.restartCount, of: table)
        let seconds = try file.values(RankColumns.wallSeconds, of: table)
        let ends = try file.values(RankColumns.endedAt, of: table)
        let binCount = SandboxLatency.binCount
        guard file.extents[.latencyBins] == Int64(rowCount * binCount) else {
            throw TraceError.damaged(
                path: file.path,
                reason: "/sandbox_latency does not have \(binCount) bins for each row of /ranks"
            )
        }
        let bins = try file.values(
            LatencyColumns.count,
            of: TraceSchema.latency,
            in: 0..<rowCount * binCount
        )
        let strings = try file.strings(
            of: table,
            at: try file.texts(of: table),
            rows: 0..<rowCount
        )
        return try (0..<rowCount).map { row in
            guard ranks[row] >= 0 else {
                throw TraceError.damaged(path: file.path, reason: "a rank is negative")
            }
            return RankSample(
                round: Int(rounds[row]),
                rank: Rank(Int(ranks[row])),
                host: strings[row][0],
                gpu: strings[row][1],
                inFlightCount: Int(inFlight[row]),
                episodeCount: Int(episodes[row]),
                sampledTokenCount: Int(sampled[row]),
                restartCount: Int(restarts[row]),
                wallSeconds: seconds[row],
                endedAt: ends[row],
                sandboxLatency: SandboxLatency(
                    counts: Array(bins[row * binCount..<(row + 1) * binCount])
                )
            )
        }
    }

    static func hosts(_ file: TraceFile) throws -> [StoredHost] {
        let table = TraceSchema.hosts
        let rowCount = Int(file.extents[.hosts])
        let starts = try file.values(HostColumns.start, of: table)
        let rankCounts = try file.values(HostColumns.rankCount, of: table)
        let coreCounts = try file.values(HostColumns.coreCount, of: table)
        let memory = try file.values(HostColumns.memoryBytes, of: table)
        let strings = try file.strings(
            of: table,
            at: try file.texts(of: table),
            rows: 0..<rowCount
        )
        return (0..<rowCount).map { row in
            StoredHost(
                host: RunHost(
                    name: strings[row][0],
                    rankCount: Int(rankCounts[row]),
                    coreCount: Int(coreCounts[row]),
                    memoryBytes: Int(memory[row]),
                    gpus: strings[row][1],
                    system: strings[row][2]
                ),
                startIndex: Int(starts[row])
            )
        }
    }

    static func groups(_ file: TraceFile) throws -> [EpisodeGroup] {
        let table = TraceSchema.groups
        let problems = try file.values(GroupColumns.problem, of: table)
        let versions = try file.values(GroupColumns.policyVersion, of: table)
        let episodes = try file.values(GroupColumns.episodeCount, of: table)
        let counted = try file.values(GroupColumns.countedCount, of: table)
        let right = try file.values(GroupColumns.rightCount, of: table)
        let means = try file.values(GroupColumns.rewardMean, of: table)
        let deviations = try file.values(GroupColumns.rewardDeviation, of: table)
        return try problems.indices.map { row in
            guard problems[row] >= 0 else {
                throw TraceError.damaged(path: file.path, reason: "a group has a negative index")
            }
            return EpisodeGroup(
                problem: ProblemIndex(Int(problems[row])),
                policyVersion: Int(versions[row]),
                episodeCount: Int(episodes[row]),
                countedCount: Int(counted[row]),
                rightCount: Int(right[row]),
                rewardMean: means[row],
                rewardDeviation: deviations[row]
            )
        }
    }
}
