import Yams

/// How many episodes a worker keeps in flight.
public enum ConcurrencySetting: Hashable, Sendable {
    /// As many as the engine's queue and cache bear, found from its metrics.
    case auto
    /// Exactly this many, 1...65,536.
    case fixed(Int)
}

extension ConcurrencySetting: ScalarValue {
    static var typeText: String { "auto or a whole number from 1 to \(most)" }

    /// A process has no more file descriptors than a few for each.
    static let most = 65_536

    init?(plain: String) {
        let most = Self.most
        switch (plain, Int(plain)) {
        case ("auto", _): self = .auto
        case (_, let count?) where (1...most).contains(count): self = .fixed(count)
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .auto: "auto"
        case .fixed(let count): "\(count)"
        }
    }

    /// Reads `auto` or a number from 1.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(plain: text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected \(Self.typeText), found \(text)"
            )
        }
        self = value
    }

    /// Writes the text of the setting.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
