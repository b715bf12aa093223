// The tables of one file that have one element per row: columns are read whole, rows that were screened
// become values.

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

    static func tasks(_ file: TraceFile, _ rows: [Int]) throws -> [EpisodeTask] {
        let problems = try file.values(EpisodeColumns.problem, of: TraceSchema.episodes)
        let samples = try file.values(EpisodeColumns.sample, of: TraceSchema.episodes)
        return try rows.map { try task(problems[$0], samples[$0], file) }
    }

    static func outcomes(_ file: TraceFile, _ rows: [Int]) throws -> [EpisodeOutcome] {
        let table = TraceSchema.episodes
        let tasks = try tasks(file, rows)
        let statuses = try file.values(EpisodeColumns.status, of: table)
        let finishes = try file.values(EpisodeColumns.finish, of: table)
        let verdicts = try file.values(EpisodeColumns.outcome, of: table)
        let sampledCounts = try file.values(EpisodeColumns.sampledTokenCount, of: table)
        let callCounts = try file.values(EpisodeColumns.toolCallCount, of: table)
        let seconds = try file.values(EpisodeColumns.totalSeconds, of: table)
        let rewards = try file.values(EpisodeColumns.reward, of: table)
        let copied = try file.values(EpisodeColumns.copiedFromStatement, of: table)
        let strings = try file.strings(of: table, at: try file.texts(of: table), rows: rows)
        return try rows.indices.map { place in
            let row = rows[place]
            let grade = Grade(
                outcome: try verdicts[row],
                answer: strings[place][1],
                canonicalAnswer: strings[place][2],
                wallSeconds: 0
            )
            return EpisodeOutcome(
                task: tasks[place],
                status: try statuses[row],
                finish: try finishes[row],
                outcome: try verdicts[row],
                voteKey: grade.voteKey,
                outputTokenCount: Int(sampledCounts[row]),
                toolCallCount: Int(callCounts[row]),
                wallSeconds: seconds[row],
                reward: rewards[row],
                isCopiedFromStatement: copied[row] != 0
            )
        }
    }

    static func members(_ file: TraceFile, _ rows: [Int]) throws -> [EpisodeGroup.Member] {
        let table = TraceSchema.episodes
        let rewards = try file.values(EpisodeColumns.reward, of: table)
        let versions = try file.values(EpisodeColumns.policyVersion, of: table)
        return try zip(rows, outcomes(file, rows)).map { row, outcome in
            EpisodeGroup.Member(
                outcome: outcome,
                reward: rewards[row],
                policyVersion: Int(versions[row])
            )
        }
    }

    static func problems(_ file: TraceFile) throws -> [Problem] {
        let table = TraceSchema.problems
        let whole = try file.screen(table).rows
        let strings = try file.strings(of: table, at: try file.texts(of: table), rows: whole)
        let texts = Dictionary(uniqueKeysWithValues: zip(whole, strings))
        return (0..<Int(file.extents[.problems])).map { row in
            guard let texts = texts[row] else {
                return Problem(id: "damaged-\(row)", statement: "", answer: "")
            }
            return Problem(
                id: texts[0],
                statement: texts[1],
                answer: texts[2],
                subject: texts[3],
                level: texts[4],
                dataset: texts[5]
            )
        }
    }

    static func rankSamples(_ file: TraceFile, _ rows: [Int]) throws -> [RankSample] {
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
        let strings = try file.strings(of: table, at: try file.texts(of: table), rows: rows)
        return try zip(rows, strings).map { row, strings in
            let own = Array(bins[row * binCount..<(row + 1) * binCount])
            guard own.allSatisfy({ $0 >= 0 }) else {
                throw TraceError.damaged(
                    path: file.path,
                    reason: "/sandbox_latency holds a count below 0"
                )
            }
            return RankSample(
                round: Int(rounds[row]),
                rank: Rank(Int(ranks[row])),
                host: strings[0],
                gpu: strings[1],
                inFlightCount: Int(inFlight[row]),
                episodeCount: Int(episodes[row]),
                sampledTokenCount: Int(sampled[row]),
                restartCount: Int(restarts[row]),
                wallSeconds: seconds[row],
                endedAt: ends[row],
                sandboxLatency: SandboxLatency(counts: own)
            )
        }
    }

    static func hosts(_ file: TraceFile, _ rows: [Int]) throws -> [StoredHost] {
        let table = TraceSchema.hosts
        let starts = try file.values(HostColumns.start, of: table)
        let rankCounts = try file.values(HostColumns.rankCount, of: table)
        let coreCounts = try file.values(HostColumns.coreCount, of: table)
        let memory = try file.values(HostColumns.memoryBytes, of: table)
        let strings = try file.strings(of: table, at: try file.texts(of: table), rows: rows)
        return zip(rows, strings).map { row, strings in
            StoredHost(
                host: RunHost(
                    name: strings[0],
                    rankCount: Int(rankCounts[row]),
                    coreCount: Int(coreCounts[row]),
                    memoryBytes: Int(memory[row]),
                    gpus: strings[1],
                    system: strings[2]
                ),
                startIndex: Int(starts[row])
            )
        }
    }

    static func groups(_ file: TraceFile, _ rows: [Int]) throws -> [EpisodeGroup] {
        let table = TraceSchema.groups
        let problems = try file.values(GroupColumns.problem, of: table)
        let versions = try file.values(GroupColumns.policyVersion, of: table)
        let episodes = try file.values(GroupColumns.episodeCount, of: table)
        let counted = try file.values(GroupColumns.countedCount, of: table)
        let right = try file.values(GroupColumns.rightCount, of: table)
        let means = try file.values(GroupColumns.rewardMean, of: table)
        let deviations = try file.values(GroupColumns.rewardDeviation, of: table)
        return rows.map { row in
            EpisodeGroup(
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
