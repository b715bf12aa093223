/// What a snippet prints, kept within a bound while it comes: the beginning and the end.
struct CollectedOutput {
    private let limit: Int
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private(set) var byteCount = 0

    /// - Parameter limit: bytes to keep, of what may be very many.
    init(limit: Int) { self.limit = limit }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        byteCount += bytes.count
        let room = limit - head.count
        head.append(contentsOf: bytes.prefix(room))
        let rest = bytes.dropFirst(room)
        guard !rest.isEmpty else { return }
        tail.append(contentsOf: rest.suffix(limit))
        // Shortened now and then, not with every line.
        if tail.count > 2 * limit { tail.removeFirst(tail.count - limit) }
    }

    /// The output followed by `note` on a line of its own, as text of at most the limit's bytes of
    /// UTF-8: when it is too long, the middle gives way to a marker that says how much is missing.
    func text(followedBy note: [UInt8]) -> String {
        var known = head + tail
        var total = byteCount
        if !note.isEmpty {
            if let last = known.last, last != UInt8(ascii: "\n") {
                known.append(UInt8(ascii: "\n"))
                total += 1
            }
            known += note
            total += note.count
        }
        if total <= limit {
            let text = String(decoding: known, as: UTF8.self)
            // Replacing what is no UTF-8 can make it longer.
            if text.utf8.count <= limit { return text }
        }
        let marker = "\n... [\(total) bytes in all, the middle is left out] ...\n"
        var kept = max(0, limit - marker.utf8.count)
        while true {
            let text = Self.cut(known, to: kept, total: total)
            if text.utf8.count <= limit || kept == 0 { return text }
            kept -= min(kept, max(16, text.utf8.count - limit))
        }
    }

    private static func cut(_ known: [UInt8], to kept: Int, total: Int) -> String {
        let beginning = withoutSplitEnd(known.prefix(kept / 2))
        let ending = withoutSplitStart(known.suffix(kept - kept / 2))
        let missing = total - beginning.count - ending.count
        return String(decoding: beginning, as: UTF8.self)
            + "\n... [\(missing) bytes left out] ...\n" + String(decoding: ending, as: UTF8.self)
    }

    /// Drops the beginning of a character whose end was cut off.
    private static func withoutSplitEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let lead = bytes.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else {
            return bytes
        }
        let byte = bytes[lead]
        let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
        return bytes.endIndex - lead < needed ? bytes[..<lead] : bytes
    }

    /// Drops the end of a character whose beginning was cut off.
    private static func withoutSplitStart(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.dropFirst(bytes.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count)
    }
}
