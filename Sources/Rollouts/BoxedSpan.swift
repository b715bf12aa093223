/// Where a text holds a complete `\boxed{...}`.
enum BoxedSpan {
    /// Whether at least one box in `text` is closed, counting nested braces; `\{` and `\}` are text.
    static func closesComplete(in text: String) -> Bool {
        var rest = text[...]
        while let opening = rest.range(ofLiteral: "\\boxed{") {
            rest = rest[opening.upperBound...]
            if closes(rest.utf8) { return true }
        }
        return false
    }

    private static func closes(_ body: Substring.UTF8View) -> Bool {
        var depth = 1
        var escaped = false
        for byte in body {
            if escaped {
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == UInt8(ascii: "{") {
                depth += 1
            } else if byte == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return true }
            }
        }
        return false
    }
}
