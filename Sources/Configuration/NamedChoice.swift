import Yams

/// A value that is one of a few names, written as the name.
protocol NamedChoice: ScalarValue, RawRepresentable<String>, CaseIterable {}

extension NamedChoice {
    static var typeText: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
    init?(plain: String) { self.init(rawValue: plain) }
    var text: String { rawValue }
}
