internal import RolloutModel

/// The columns of one file that have one element per row, in memory; text and tokens stay in the file.
final class LoadedTables {
    let file: TraceFile

    let problems: [Int32]
    private let samples: [Int32]
    private let statuses: NamedValues<Episode.Status>
    private let finishes: NamedValues<Episode.Finish>
    private let outcomes: NamedValues<Grade.Outcome>
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

    let roles: NamedValues<Turn.Role>
    let turnTokens: RowRanges
    private let turnSeconds: [Double]
    private let turnTexts: TextPlaces
    private let turnScreen: RowScreen

    let callTurns: [Int32]
    private let callSeconds: [Double]
    private let callPeakBytes: [Int64]
    private let callTexts: TextPlaces
    private let callScreen: RowScreen

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
        turnScreen = try file.screen(TraceSchema.turns)

        callTurns = try file.values(ToolCallColumns.turn, of: TraceSchema.toolCalls)
        callSeconds = try file.values(ToolCallColumns.wallSeconds, of: TraceSchema.toolCalls)
        callPeakBytes = try file.values(ToolCallColumns.peakBytes, of: TraceSchema.toolCalls)
        callTexts = try file.texts(of: TraceSchema.toolCalls)
        callScreen = try file.screen(TraceSchema.toolCalls)
    }

    /// The attempt of a row.
    func task(_ row: Int) throws -> EpisodeTask {
        guard ranks[row] >= 0 else {
            throw TraceError.damaged(path: file.path, reason: "episode \(row) has a negative rank")
        }
        return try TraceReader.task(problems[row], samples[row], file)
    }

    /// What a row adds to each table when it is written again.
    func extents(_ row: Int) throws -> Extents {
        let (turns, calls) = (try turnRows(row), try callRows(row))
        var extents = Extents()
        extents[.episodes] = 1
        extents[.episodeText] = episodeTexts.byteCount(row)
        extents[.turns] = Int64(turns.count)
        extents[.turnText] = turns.reduce(0) { $0 + turnTexts.byteCount($1) }
        extents[.toolCalls] = Int64(calls.count)
        extents[.toolCallText] = calls.reduce(0) { $0 + callTexts.byteCount($1) }
        extents[.tokens] = Int64(try tokens[row].count)
        return extents
    }

    /// The turns of a row, all of them whole.
    private func turnRows(_ row: Int) throws -> Range<Int> {
        let rows = try turns[row]
        if let fault = turnScreen.fault(in: rows) {
            throw TraceError.damaged(path: file.path, reason: "turn \(fault.row): \(fault.reason)")
        }
        return rows
    }

    /// The tool calls of a row, all of them whole.
    private func callRows(_ row: Int) throws -> Range<Int> {
        let rows = try toolCalls[row]
        if let fault = callScreen.fault(in: rows) {
            throw TraceError.damaged(
                path: file.path,
                reason: "tool call \(fault.row): \(fault.reason)"
            )
        }
        return rows
    }

    /// A row without its tokens.
    func transcript(_ row: Int) throws -> Transcript {
        let strings = try strings(row)
        return Transcript(
            task: try task(row),
            status: try statuses[row],
            finish: try finishes[row],
            failure: strings[0],
            turns: try turnList(row),
            toolCalls: try calls(row),
            grade: try grade(row, strings),
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
            status: try statuses[row],
            finish: try finishes[row],
            failure: strings[0],
            trajectory: try trajectory(row),
            toolCalls: try calls(row),
            grade: try grade(row, strings),
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

    private func grade(_ row: Int, _ strings: [String]) throws -> Grade {
        Grade(
            outcome: try outcomes[row],
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
        let base = try tokens[row].lowerBound
        let rows = try turnRows(row)
        let strings = try file.strings(of: TraceSchema.turns, at: turnTexts, rows: rows)
        return try zip(rows, strings).map { turn, strings in
            let range = try turnTokens[turn]
            return Turn(
                role: try roles[turn],
                tokens: range.lowerBound - base..<range.upperBound - base,
                text: strings[0],
                wallSeconds: turnSeconds[turn],
                stopReason: strings[1]
            )
        }
    }

    private func trajectory(_ row: Int) throws -> Trajectory {
        let table = TraceSchema.tokens
        let range = try tokens[row]
        let ids = try file.values(TokenColumns.id, of: table, in: range)
        let logProbabilities = try file.values(
            TokenColumns.logProbability,
            of: table,
            in: range
        )
        let lossMask = try file.values(TokenColumns.lossMask, of: table, in: range)
        guard ids.allSatisfy({ $0 >= 0 }), logProbabilities.allSatisfy(\.isFinite) else {
            throw TraceError.damaged(
                path: file.path,
                reason: "episode \(row): a token id is negative, or a log-probability is no number"
            )
        }
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
        let rows = try callRows(row)
        let strings = try file.strings(of: TraceSchema.toolCalls, at: callTexts, rows: rows)
        return zip(rows, strings).map { call, strings in
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
