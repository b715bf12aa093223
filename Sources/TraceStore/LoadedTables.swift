internal import RolloutModel

/// The columns of one file that have one element per row, in memory; text and tokens stay in the file.
final class LoadedTables {
    let file: TraceFile

    let problems: [Int32]
    private let samples: [Int32]
    private let statuses: [Episode.Status]
    private let finishes: [Episode.Finish]
    private let outcomes: [Grade.Outcome]
    private let copied: [UInt8]
    private let neutralizedCounts: [Int32]
    private let opensThought: [UInt8]
    private let rewards: [Double]
    private let rewardParts: [RewardParts]
    private let advantages: [Double]
    private let policyVersions: [Int32]
    private let seeds: [UInt64]
    private let temperatures: [Double]
    private let cachedTokenCounts: [Int64]
    private let retryCounts: [Int32]
    private let totalSeconds: [Double]
    private let inferenceSeconds: [Double]
    private let sandboxSeconds: [Double]
    private let gradingSeconds: [Double]
    private let graderSeconds: [Double]
    private let startedAt: [Double]
    private let ranks: [Int32]
    let turns: RowRanges
    let toolCalls: RowRanges
    let tokens: RowRanges
    private let episodeTexts: TextPlaces

    let roles: [Turn.Role]
    let turnTokens: RowRanges
    private let turnSeconds: [Double]
    private let turnTexts: TextPlaces

    let callTurns: [Int32]
    private let callSeconds: [Double]
    private let callPeakBytes: [Int64]
    private let callTexts: TextPlaces

    /// Reads the columns of `file`.
    init(_ file: TraceFile) throws {
        self.file = file
        let table = TraceSchema.episodes
        problems = try file.values(EpisodeColumns.problem, of: table)
        samples = try file.values(EpisodeColumns.sample, of: table)
        statuses = try file.values(EpisodeColumns.status, of: table)
        finishes = try file.values(EpisodeColumns.finish, of: table)
        outcomes = try file.values(EpisodeColumns.outcome, of: table)
        copied = try file.values(EpisodeColumns.copiedFromStatement, of: table)
        neutralizedCounts = try file.values(EpisodeColumns.neutralizedCount, of: table)
        opensThought = try file.values(EpisodeColumns.opensThought, of: table)
        rewards = try file.values(EpisodeColumns.reward, of: table)
        let toolUse = try file.values(EpisodeColumns.rewardToolUse, of: table)
        let length = try file.values(EpisodeColumns.rewardLength, of: table)
        rewardParts = try file.values(EpisodeColumns.rewardAccuracy, of: table).enumerated().map {
            RewardParts(accuracy: $1, toolUse: toolUse[$0], length: length[$0])
        }
        advantages = try file.values(EpisodeColumns.advantage, of: table)
        policyVersions = try file.values(EpisodeColumns.policyVersion, of: table)
        seeds = try file.values(EpisodeColumns.seed, of: table)
        temperatures = try file.values(EpisodeColumns.temperature, of: table)
        cachedTokenCounts = try file.values(EpisodeColumns.cachedTokenCount, of: table)
        retryCounts = try file.values(EpisodeColumns.retryCount, of: table)
        totalSeconds = try file.values(EpisodeColumns.totalSeconds, of: table)
        inferenceSeconds = try file.values(EpisodeColumns.inferenceSeconds, of: table)
        sandboxSeconds = try file.values(EpisodeColumns.sandboxSeconds, of: table)
        gradingSeconds = try file.values(EpisodeColumns.gradingSeconds, of: table)
        graderSeconds = try file.values(EpisodeColumns.graderSeconds, of: table)
        startedAt = try file.values(EpisodeColumns.startedAt, of: table)
        ranks = try file.values(EpisodeColumns.rank, of: table)
        turns = try RowRanges(
            file,
            firsts: file.values(EpisodeColumns.turnFirst, of: table),
            counts: file.values(EpisodeColumns.turnCount, of: table).map { Int64($0) },
            limit: file.extents[.turns]
        )
        toolCalls = try RowRanges(
            file,
            firsts: file.values(EpisodeColumns.toolCallFirst, of: table),
            counts: file.values(EpisodeColumns.toolCallCount, of: table).map { Int64($0) },
            limit: file.extents[.toolCalls]
        )
        tokens = try RowRanges(
            file,
            firsts: file.values(EpisodeColumns.tokenFirst, of: table),
            counts: file.values(EpisodeColumns.tokenCount, of: table),
            limit: file.extents[.tokens]
        )
        episodeTexts = try file.texts(of: table)

        roles = try file.values(TurnColumns.role, of: TraceSchema.turns)
        turnTokens = try RowRanges(
            file,
            firsts: file.values(TurnColumns.tokenFirst, of: TraceSchema.turns),
            counts: file.values(TurnColumns.tokenCount, of: TraceSchema.turns),
            limit: file.extents[.tokens]
        )
        turnSeconds = try file.values(TurnColumns.wallSeconds, of: TraceSchema.turns)
        turnTexts = try file.texts(of: TraceSchema.turns)

        callTurns = try file.values(ToolCallColumns.turn, of: TraceSchema.toolCalls)
        callSeconds = try file.values(ToolCallColumns.wallSeconds, of: TraceSchema.toolCalls)
        callPeakBytes = try file.values(ToolCallColumns.peakBytes, of: TraceSchema.toolCalls)
        callTexts = try file.texts(of: TraceSchema.toolCalls)
    }

    /// The attempt of a row.
    func task(_ row: Int) throws -> EpisodeTask {
        guard problems[row] >= 0, samples[row] >= 0, ranks[row] >= 0 else {
            throw TraceError.damaged(path: file.path, reason: "episode \(row) has a negative index")
        }
        return EpisodeTask(
            problem: ProblemIndex(Int(problems[row])),
            sample: SampleIndex(Int(samples[row]))
        )
    }

    /// What a row adds to each table when it is written again.
    func extents(_ row: Int) -> Extents {
        var extents = Extents()
        extents[.episodes] = 1
        extents[.episodeText] = episodeTexts.byteCount(row)
        extents[.turns] = Int64(turns[row].count)
        extents[.turnText] = turns[row].reduce(0) { $0 + turnTexts.byteCount($1) }
        extents[.toolCalls] = Int64(toolCalls[row].count)
        extents[.toolCallText] = toolCalls[row].reduce(0) { $0 + callTexts.byteCount($1) }
        extents[.tokens] = Int64(tokens[row].count)
        return extents
    }

    /// A row without its tokens.
    func transcript(_ row: Int) throws -> Transcript {
        let strings = try strings(row)
        return Transcript(
            task: try task(row),
            status: statuses[row],
            finish: finishes[row],
            failure: strings[0],
            turns: try turnList(row),
            toolCalls: try calls(row),
            grade: grade(row, strings),
            isCopiedFromStatement: copied[row] != 0,
            opensThought: opensThought[row] != 0,
            reward: rewards[row],
            advantage: advantages[row],
            policyVersion: Int(policyVersions[row]),
            seed: seeds[row],
            times: times(row),
            rank: Rank(Int(ranks[row]))
        )
    }

    /// A row as it was written, whole.
    func episode(_ row: Int) throws -> StoredEpisode {
        let strings = try strings(row)
        let episode = Episode(
            task: try task(row),
            status: statuses[row],
            finish: finishes[row],
            failure: strings[0],
            trajectory: try trajectory(row),
            toolCalls: try calls(row),
            grade: grade(row, strings),
            isCopiedFromStatement: copied[row] != 0,
            neutralizedCount: Int(neutralizedCounts[row]),
            opensThought: opensThought[row] != 0,
            reward: rewards[row],
            rewardParts: rewardParts[row],
            advantage: advantages[row],
            policyVersion: Int(policyVersions[row]),
            seed: seeds[row],
            temperature: temperatures[row],
            retryCount: Int(retryCounts[row]),
            cachedTokenCount: Int(cachedTokenCounts[row]),
            times: times(row)
        )
        return StoredEpisode(episode: episode, rank: Rank(Int(ranks[row])))
    }

    private func strings(_ row: Int) throws -> [String] {
        try file.strings(of: TraceSchema.episodes, at: episodeTexts, rows: row..<row + 1)[0]
    }

    private func grade(_ row: Int, _ strings: [String]) -> Grade {
        Grade(
            outcome: outcomes[row],
            answer: strings[1],
            canonicalAnswer: strings[2],
            wallSeconds: graderSeconds[row]
        )
    }

    private func times(_ row: Int) -> Episode.Times {
        Episode.Times(
            total: totalSeconds[row],
            inference: inferenceSeconds[row],
            sandbox: sandboxSeconds[row],
            grading: gradingSeconds[row],
            startedAt: startedAt[row]
        )
    }

    private func turnList(_ row: Int) throws -> [Turn] {
        let base = tokens[row].lowerBound
        let strings = try file.strings(of: TraceSchema.turns, at: turnTexts, rows: turns[row])
        return zip(turns[row], strings).map { turn, strings in
            Turn(
                role: roles[turn],
                tokens: turnTokens[turn].lowerBound - base..<turnTokens[turn].upperBound - base,
                text: strings[0],
                wallSeconds: turnSeconds[turn],
                stopReason: strings[1]
            )
        }
    }

    private func trajectory(_ row: Int) throws -> Trajectory {
        let table = TraceSchema.tokens
        let ids = try file.values(TokenColumns.id, of: table, in: tokens[row])
        let logProbabilities = try file.values(
            TokenColumns.logProbability,
            of: table,
            in: tokens[row]
        )
        let lossMask = try file.values(TokenColumns.lossMask, of: table, in: tokens[row])
        do {
            return try Trajectory(
                ids: ids,
                logProbabilities: logProbabilities,
                lossMask: lossMask,
                turns: turnList(row)
            )
        } catch let violation as Trajectory.Violation {
            throw TraceError.damaged(path: file.path, reason: "episode \(row): \(violation)")
        }
    }

    private func calls(_ row: Int) throws -> [ToolCall] {
        let strings = try file.strings(
            of: TraceSchema.toolCalls,
            at: callTexts,
            rows: toolCalls[row]
        )
        return zip(toolCalls[row], strings).map { call, strings in
            ToolCall(
                turnIndex: Int(callTurns[call]),
                code: strings[0],
                output: strings[1],
                status: strings[2],
                wallSeconds: callSeconds[call],
                peakBytes: Int(callPeakBytes[call])
            )
        }
    }
}

/// For each row, the rows of another table that belong to it.
struct RowRanges {
    private let firsts: [Int64]
    private let counts: [Int64]

    /// - Throws: ``TraceError/damaged(path:reason:)`` when a range is not within `0..<limit`.
    init(_ file: TraceFile, firsts: [Int64], counts: [Int64], limit: Int64) throws {
        for (row, (first, count)) in zip(firsts, counts).enumerated() {
            guard first >= 0, count >= 0, first <= limit, count <= limit - first else {
                throw TraceError.damaged(
                    path: file.path,
                    reason: "row \(row) points to rows that do not exist"
                )
            }
        }
        self.firsts = firsts
        self.counts = counts
    }

    subscript(_ row: Int) -> Range<Int> {
        Int(firsts[row])..<Int(firsts[row] + counts[row])
    }
}
