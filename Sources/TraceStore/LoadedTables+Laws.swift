internal import RolloutModel

extension LoadedTables {
    /// What contradicts the laws of traces, a line each: parts that do not tile their table, counts that
    /// do not add up, a loss mask that does not fit the roles.
    func brokenLaws() throws -> [String] {
        var reasons: [String] = []
        var ends = (turn: 0, call: 0, token: 0)
        for row in problems.indices {
            let tiles =
                turns[row].lowerBound == ends.turn && toolCalls[row].lowerBound == ends.call
                && tokens[row].lowerBound == ends.token
            if !tiles { reasons.append("episode \(row) does not start where the one before ends") }
            ends = (turns[row].upperBound, toolCalls[row].upperBound, tokens[row].upperBound)
            var end = tokens[row].lowerBound
            for turn in turns[row] {
                if turnTokens[turn].lowerBound != end {
                    reasons.append("episode \(row): turn \(turn) does not follow the one before")
                }
                end = turnTokens[turn].upperBound
            }
            if end != tokens[row].upperBound {
                reasons.append("episode \(row): its turns do not cover its tokens")
            }
            for call in toolCalls[row]
            where !turns[row].indices.contains(
                turns[row].lowerBound + Int(callTurns[call])
            ) {
                reasons.append("episode \(row): a tool call of a turn that does not exist")
            }
        }
        return try reasons + maskContradictions()
    }

    /// Tokens whose mask does not fit the role of their turn.
    private func maskContradictions() throws -> [String] {
        var reasons: [String] = []
        let blockCount = 1 << 20
        var mask: [UInt8] = []
        var maskStart = 0
        for turn in roles.indices where !turnTokens[turn].isEmpty {
            let range = turnTokens[turn]
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
            let expected: UInt8 = roles[turn] == .model ? 1 : 0
            let part = mask[range.lowerBound - maskStart..<range.upperBound - maskStart]
            if part.contains(where: { $0 != expected }) {
                reasons.append("turn \(turn): the loss mask does not fit its role")
            }
        }
        return reasons
    }
}
