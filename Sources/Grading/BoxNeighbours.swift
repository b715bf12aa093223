/// What stands directly beside a box and belongs to its value: `-\boxed{5}`, `\boxed{3}\pi`.
///
/// Only a sign or a number before the box, and only one factor behind it, count; the factor must end the
/// formula. A dash that begins a line of a list is no sign.
struct BoxNeighbours: Hashable {
    /// A sign, a number, or both; empty without one.
    let before: String
    /// One factor; empty without one.
    let after: String

    /// Bytes on each side that are looked at.
    private static let reach = 60

    /// Looks beside the box that takes `range` of `bytes`.
    init(of range: Range<Int>, in bytes: [UInt8]) {
        let start = max(range.lowerBound - Self.reach, 0)
        let end = min(range.upperBound + Self.reach, bytes.count)
        before = Self.sign(String(decoding: bytes[start..<range.lowerBound], as: UTF8.self))
        after = Self.factor(String(decoding: bytes[range.upperBound..<end], as: UTF8.self))
    }

    /// `content` with its neighbours; alone when it is more than one term or value.
    func around(_ content: String) -> String {
        guard !before.isEmpty || !after.isEmpty else { return content }
        guard !content.contains(where: { "=<>,".contains($0) }) else { return content }
        let isTerm = !content.dropFirst().contains { "+-".contains($0) }
        let startsWithDigit = content.first?.isNumber == true
        if before.contains(where: \.isNumber), startsWithDigit { return content }
        return before + (isTerm ? content : "(" + content + ")") + after
    }

    /// `= -`, `$-`, `= 3`, and a dash right before the box where no operand stands before it.
    private static func sign(_ text: String) -> String {
        if let match = text.firstMatch(of: /[=$(\[:&]\s*([-+\u{2212}]?\s*[0-9]*)\s*$/) {
            return String(match.1.filter { !$0.isWhitespace })
        }
        if let match = text.firstMatch(of: /(?:^|[^\w)}\]\s]\s*|[a-z]\s+)([-\u{2212}])$/) {
            return String(match.1)
        }
        return ""
    }

    /// One factor that ends its formula.
    private static func factor(_ text: String) -> String {
        let factors =
            #/
            ^\s*
            ((?:\\pi | \\? % | \^ \\circ | \^ \{\\circ\} | \^ \{[^{}]{1,20}\} | \^ [0-9a-z]
            | \\sqrt \{[^{}]{1,20}\} | \\sqrt [0-9] | [a-z] (?: \^[0-9])? )+)
            \s* (?: \$ | \\\) | \\\] | [.,;]? (?: \s | $ ))
            /#
        guard let match = text.firstMatch(of: factors) else { return "" }
        let factor = String(match.1)
        // A letter behind a space is a word: `\boxed{5} a day`.
        let isWord = factor.first?.isLetter == true && text.first?.isWhitespace == true
        return isWord ? "" : factor
    }
}
