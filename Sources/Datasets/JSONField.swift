import Foundation

/// A value in a line of a data set, as far as a problem can use it.
enum JSONField: Decodable {
    case text(String)
    /// A number in the shortest decimal form.
    case number(String)
    case null
    /// A list, an object or a truth value, by name.
    case other(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = Self.decoded(String.self, container) {
            self = .text(value)
        } else if Self.decoded(Bool.self, container) != nil {
            self = .other("a truth value")
        } else if let value = Self.decoded(Decimal.self, container) {
            self = .number("\(value)")
        } else if Self.decoded([JSONField].self, container) != nil {
            self = .other("a list")
        } else {
            self = .other("an object")
        }
    }

    /// The value as a `Value`, nil when it is something else.
    private static func decoded<Value: Decodable>(
        _ type: Value.Type,
        _ container: any SingleValueDecodingContainer
    ) -> Value? {
        do { return try container.decode(type) } catch { return nil }
    }

    /// What it is, for "expected ..., found ...".
    var kind: String {
        switch self {
        case .text: "text"
        case .number: "a number"
        case .null: "null"
        case .other(let kind): kind
        }
    }
}
