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

    /// The output followed by `note`, within the limit: the middle gives way to a marker that says
    /// how many bytes were left out.
    func text(followedBy note: [UInt8]) -> String {
        var end = tail.suffix(limit)
        // A note begins on a line of its own.
        let lastByte = end.last ?? head.last
        if !note.isEmpty, let lastByte, lastByte != UInt8(ascii: "\n") {
            end.append(UInt8(ascii: "\n"))
        }
        end.append(contentsOf: note)
        let total = byteCount + (end.count - tail.suffix(limit).count)
        guard total > limit else {
            return String(decoding: head + end, as: UTF8.self)
        }
        let marker = Array("\n... [\(total - limit) or more bytes left out] ...\n".utf8)
        let kept = max(0, limit - marker.count)
        let available = head.count + end.count
        let headCount = min(head.count, kept / 2)
        let tailCount = min(available - headCount, kept - headCount)
        let whole = head + end
        let beginning = Self.withoutSplitEnd(whole.prefix(headCount))
        let ending = Self.withoutSplitStart(whole.suffix(tailCount))
        let left = total - beginning.count - ending.count
        return String(decoding: beginning, as: UTF8.self)
            + "\n... [\(left) bytes left out] ...\n" + String(decoding: ending, as: UTF8.self)
    }

    /// Drops the beginning of a character whose end was cut off.
    private static func withoutSplitEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let lead = bytes.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else {
            return bytes
        }
        let needed = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : bytes[lead] >= 0xC0 ? 2 : 1
        return bytes.endIndex - lead < needed ? bytes[..<lead] : bytes
    }

    /// Drops the end of a character whose beginning was cut off.
    private static func withoutSplitStart(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.dropFirst(bytes.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count)
    }
}
