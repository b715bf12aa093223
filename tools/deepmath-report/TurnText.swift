import RolloutModel
import TraceStore

/// The turns of an episode as the page holds them, cut where they are too long for it.
struct TurnText {
    /// Bytes of text that one episode may have, about.
    let byteLimit: Int

    private static let shortest = 160

    /// What stands in place of an episode whose turns cannot be read.
    static var damaged: [UInt8] {
        var json = PageJSON()
        json.list { $0.string("The turns of this episode are damaged in the file.") }
        return json.bytes
    }

    /// A list of the failure, empty without one, and `[role, tokens, seconds, text, note]` for each turn;
    /// and whether anything was cut.
    func json(_ transcript: Transcript) -> (bytes: [UInt8], isCut: Bool) {
        let total = transcript.turns.reduce(0) { $0 + $1.text.utf8.count }
        let isCut = total > byteLimit
        var json = PageJSON()
        json.list { json in
            json.string(transcript.failure)
            for (index, turn) in transcript.turns.enumerated() {
                json.list { json in
                    json.string(turn.role.rawValue)
                    json.raw("\(turn.tokens.count)")
                    json.raw(decimal(turn.wallSeconds, 2))
                    // Every turn keeps the same share of itself.
                    let part = Double(turn.text.utf8.count) / Double(max(1, total))
                    let share = Int(part * Double(byteLimit))
                    json.string(
                        isCut ? Self.cut(turn.text, to: max(share, Self.shortest)) : turn.text
                    )
                    json.string(Self.note(transcript, index))
                }
            }
        }
        return (json.bytes, isCut)
    }

    /// Why a model turn ended; how the snippets before a tool turn did.
    private static func note(_ transcript: Transcript, _ index: Int) -> String {
        let turn = transcript.turns[index]
        switch turn.role {
        case .prompt: return ""
        case .model: return turn.stopReason
        case .tool:
            return transcript.toolCalls.filter { $0.turnIndex == index - 1 }
                .map { "\($0.status) in \(decimal($0.wallSeconds * 1000, 1)) ms" }
                .joined(separator: ", ")
        }
    }

    /// The beginning and the end of a text, about `limit` bytes together.
    private static func cut(_ text: String, to limit: Int) -> String {
        let scalars = text.unicodeScalars
        let leftOut = text.utf8.count - limit
        guard leftOut > shortest else { return text }
        let head = String(scalars.prefix(limit / 2))
        let tail = String(scalars.suffix(limit / 2))
        return head + "\n… \(leftOut) bytes left out …\n" + tail
    }
}
