/// What was found lately, so that it need not be found again.
package struct RecentMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let capacity: Int
    private var recent: [Key: Value] = [:]
    private var older: [Key: Value] = [:]

    /// Keeps at least the last `capacity` entries that were added or asked for, and at most twice as many.
    package init(capacity: Int) { self.capacity = capacity }

    /// What is remembered of `key`.
    package mutating func value(of key: Key) -> Value? {
        if let known = recent[key] { return known }
        guard let known = older[key] else { return nil }
        add(known, as: key)
        return known
    }

    /// Remembers `value`.
    package mutating func add(_ value: Value, as key: Key) {
        if recent.count >= capacity {
            older = recent
            recent = [:]
        }
        recent[key] = value
    }
}
