import Yams

/// What a value of a key must fulfil beyond its type, in words and as a test.
struct ValueRule<Value>: Sendable {
    /// Reads after "must be"; empty when every value will do.
    let text: String
    let holds: @Sendable (Value) -> Bool

    init(_ text: String, _ holds: @escaping @Sendable (Value) -> Bool) {
        self.text = text
        self.holds = holds
    }

    static var any: Self { Self("") { _ in true } }

    /// The rule for each element of a list.
    static func each<Element>(_ rule: ValueRule<Element>) -> Self where Value == [Element] {
        Self("\(rule.text), each") { $0.allSatisfy(rule.holds) }
    }

    /// The rule for a value that may be left out.
    static func ifGiven<Wrapped>(_ rule: ValueRule<Wrapped>) -> Self where Value == Wrapped? {
        Self(rule.text) { $0.map(rule.holds) ?? true }
    }
}

extension ValueRule where Value: Comparable & Sendable & ConfigurationValue {
    static func atLeast(_ bound: Value) -> Self {
        Self("\(bound.text) or more") { $0 >= bound }
    }

    static func within(_ bounds: ClosedRange<Value>) -> Self {
        let text = "between \(bounds.lowerBound.text) and \(bounds.upperBound.text)"
        return Self(text) { bounds.contains($0) }
    }

    static func above(_ bound: Value) -> Self {
        Self("above \(bound.text)") { $0 > bound }
    }

    static func above(_ bound: Value, upTo last: Value) -> Self {
        Self("above \(bound.text) and at most \(last.text)") { $0 > bound && $0 <= last }
    }
}

extension ValueRule<String> {
    static var notEmpty: Self { Self("not empty") { !$0.isEmpty } }
}

/// Whether a key decides what a run is, or only where and how fast it happens.
enum KeyScope<Value>: Sendable {
    /// Runs that differ here are different runs and must not share a directory.
    case identity
    /// How much of the run there is: it may grow when a run is taken up again.
    case extent
    /// May differ when a run is taken up again.
    case placement
    /// Only this part of the value decides.
    case part(@Sendable (Value) -> Value)

    var isExtent: Bool {
        if case .extent = self { true } else { false }
    }

    func identity(of value: Value) -> Value? {
        switch self {
        case .identity, .extent: value
        case .placement: nil
        case .part(let reduce): reduce(value)
        }
    }
}

/// One key, declared once: name, type, default, rule and meaning.
///
/// Reading, writing, checking, comparing and the reference all come from this declaration. The
/// type is the property's, the default is the property's initial value.
struct ConfigurationKey<Section>: Sendable {
    typealias Faults = [ConfigurationError.Fault]

    let name: String
    let isRequired: Bool
    let isSection: Bool
    let read: @Sendable (ConfigurationTree, String, inout Section, inout Faults) -> Void
    let node: @Sendable (Section) -> Node
    let facts: @Sendable (Section, String) -> [ConfigurationFact]
    let encode: @Sendable (Section, inout KeyedEncodingContainer<KeyName>) throws -> Void
    let decode: @Sendable (KeyedDecodingContainer<KeyName>, inout Section) throws -> Void

    init<Value: ConfigurationValue>(
        _ name: String,
        _ property: any WritableKeyPath<Section, Value> & Sendable,
        must rule: ValueRule<Value> = .any,
        isRequired: Bool = false,
        scope: KeyScope<Value> = .identity,
        _ summary: String
    ) {
        self.name = name
        self.isRequired = isRequired
        isSection = Value.self is any ConfigurationSection.Type
        read = { tree, key, section, faults in
            guard let value = Value.read(tree, key: key, faults: &faults) else { return }
            guard rule.holds(value) else {
                faults.append(
                    ConfigurationError.Fault(
                        place: tree.place,
                        key: key,
                        problem: "must be \(rule.text), found \(value.text)",
                        remedy: "write \(Value.typeText), \(rule.text)"
                    )
                )
                return
            }
            section[keyPath: property] = value
        }
        node = { $0[keyPath: property].node }
        facts = { section, path in
            let value = section[keyPath: property]
            return value.facts(
                ConfigurationFact(
                    key: path,
                    type: Value.typeText,
                    value: value.text,
                    rule: rule.text,
                    summary: summary,
                    isRequired: isRequired,
                    identity: scope.identity(of: value)?.text,
                    isExtent: scope.isExtent
                )
            )
        }
        encode = { try $1.encode($0[keyPath: property], forKey: KeyName(name)) }
        decode = { container, section in
            if let value = try container.decodeIfPresent(Value.self, forKey: KeyName(name)) {
                section[keyPath: property] = value
            }
        }
    }
}

/// A key's name as `Codable` wants it.
struct KeyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
