internal import RolloutModel

extension LoadedTables {
    /// What contradicts the laws of traces, a line each: parts that do not tile their table, counts that
    /// do not add up, a loss mask that does not fit the roles.
    func brokenLaws() throws -> [String] {
        var reasons: [String] = []
        var ends = (turn: 0, call: 0, token: 0)
        for row in problems.indices {
            do {
                let parts = (turn: try turns[row], call: try toolCalls[row], token: try tokens[row])
                let tiles =
                    parts.turn.lowerBound == ends.turn && parts.call.lowerBound == ends.call
                    && parts.token.lowerBound == ends.token
                if !tiles {
                    reasons.append("episode \(row) does not start where the one before ends")
                }
                ends = (parts.turn.upperBound, parts.call.upperBound, parts.token.upperBound)
                reasons += try brokenTurns(row, parts.turn, tokens: parts.token)
                for call in parts.call
                where !(0..<parts.turn.count).contains(Int(callTurns[call])) {
                    reasons.append("episode \(row): a tool call of a turn that does not exist")
                }
            } catch TraceError.damaged(_, let reason) {
                reasons.append("episode \(row): \(reason)")
            }
        }
        // The mask is read in blocks, one after the other, which turns that do not tile would defeat.
        return try reasons.isEmpty ? maskContradictions() : reasons
    }

    private func brokenTurns(
        _ row: Int,
        _ turns: Range<Int>,
        tokens: Range<Int>
    ) throws -> [String] {
        var reasons: [String] = []
        var end = tokens.lowerBound
        for turn in turns {
            let range = try turnTokens[turn]
            if range.lowerBound != end {
                reasons.append("episode \(row): turn \(turn) does not follow the one before")
            }
            end = range.upperBound
        }
        if end != tokens.upperBound {
            reasons.append("episode \(row): its turns do not cover its tokens")
        }
        return reasons
    }

    /// Tokens whose mask does not fit the role of their turn.
    private func maskContradictions() throws -> [String] {
        var reasons: [String] = []
        let blockCount = 1 << 20
        var mask: [UInt8] = []
        var maskStart = 0
        for turn in roles.codes.indices {
            let range = try turnTokens[turn]
            guard !range.isEmpty else { continue }
            if range.lowerBound < maskStart || range.upperBound > maskStart + mask.count {
                maskStart = range.lowerBound
                let end = max(
                    range.upperBound,
                    min(maskStart + blockCount, Int(file.extents[.tokens]))
                )
                mask = try file.values(
                    TokenColumns.lossMask,
                    of: TraceSchema.tokens,
                    in: maskStart..<end
                )
            }
            let expected: UInt8 = try roles[turn] == .model ? 1 : 0
            let part = mask[range.lowerBound - maskStart..<range.upperBound - maskStart]
            if part.contains(where: { $0 != expected }) {
                reasons.append("turn \(turn): the loss mask does not fit its role")
            }
        }
        return reasons
    }
}
