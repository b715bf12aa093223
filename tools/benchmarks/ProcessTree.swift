// This process and what runs below it, as /proc tells.

import Foundation

/// One look at all processes of the machine.
struct ProcessTree {
    struct Entry {
        let identifier: Int32
        let parent: Int32
        let name: String
        /// Ended, and not waited for yet.
        let isZombie: Bool
    }

    /// Everything below this process, parents before children.
    let descendants: [Entry]

    init() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let entries = names.compactMap { Int32($0) }.compactMap(Self.entry)
        var known: Set<Int32> = [getpid()]
        var found: [Entry] = []
        while true {
            let next = entries.filter {
                known.contains($0.parent) && !known.contains($0.identifier)
            }
            if next.isEmpty { break }
            found += next
            known.formUnion(next.map(\.identifier))
        }
        descendants = found
    }

    /// Interpreters that were forked from an interpreter.
    var sessions: [Entry] {
        let interpreters = Dictionary(
            uniqueKeysWithValues: descendants.map { ($0.identifier, $0.name) }
        )
        return descendants.filter {
            $0.name == interpreters[$0.parent] && $0.name != "sandbox-launch"
        }
    }

    /// The interpreters that sessions are forked from.
    var zygotes: [Entry] {
        let parents = Set(sessions.map(\.parent))
        return descendants.filter { parents.contains($0.identifier) }
    }

    private static func entry(_ identifier: Int32) -> Entry? {
        guard let text = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8),
            let start = text.firstIndex(of: "("), let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 1, let parent = Int32(fields[1]) else { return nil }
        return Entry(
            identifier: identifier,
            parent: parent,
            name: String(text[text.index(after: start)..<end]),
            isZombie: fields[0] == "Z"
        )
    }

    /// Resident memory of a process, bytes; 0 when it is gone.
    static func residentBytes(_ identifier: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(identifier)/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }

    /// Sums of a process's mappings in bytes, such as `Pss:`; nil when they may not be read, which
    /// for a process that cannot be dumped needs root.
    static func mappedBytes(_ identifier: Int32, _ names: Set<String>) -> Int? {
        let path = "/proc/\(identifier)/smaps_rollup"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return text.split(separator: "\n").reduce(0) { sum, line in
            let words = line.split(separator: " ")
            guard words.count > 1, names.contains(String(words[0])) else { return sum }
            return sum + (Int(words[1]) ?? 0) * 1024
        }
    }

    /// Open descriptors of a process; nil when they may not be listed.
    static func descriptorCount(_ identifier: Int32) -> Int? {
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(identifier)/fd").count
    }
}
