import TraceStore

/// JSON that stands in a page, written piece by piece.
struct PageJSON {
    /// What was written, UTF-8.
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// A string.
    mutating func string(_ text: String) {
        separate()
        JSON.append(text, to: &bytes, isForHTML: true)
        needsComma = true
    }

    /// A number, or anything else that is JSON already.
    mutating func raw(_ text: String) {
        separate()
        bytes += text.utf8
        needsComma = true
    }

    /// A number; `null` when it is not finite.
    mutating func number(_ value: Double) { raw(JSON.number(value)) }

    /// The name of an object's next member.
    mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// An object, whose members `body` writes.
    mutating func object(_ body: (inout PageJSON) -> Void) { enclosed("{", "}", body) }

    /// A list, whose elements `body` writes.
    mutating func list(_ body: (inout PageJSON) -> Void) { enclosed("[", "]", body) }

    /// A list with one element for each of `items`, which `body` writes.
    mutating func list<Items: Sequence>(
        _ items: Items,
        _ body: (inout PageJSON, Items.Element) -> Void
    ) {
        enclosed("[", "]") { json in
            for item in items { body(&json, item) }
        }
    }

    private mutating func enclosed(
        _ opening: String,
        _ closing: String,
        _ body: (inout PageJSON) -> Void
    ) {
        separate()
        bytes += opening.utf8
        needsComma = false
        body(&self)
        bytes += closing.utf8
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }
}
