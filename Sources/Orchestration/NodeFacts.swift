// What each rank says of the node it is on, and the nodes that rank 0 makes of it.

private import Foundation
import TraceStore

/// Facts of nodes, sent among the other facts of a rank; names start with `host`.
enum NodeFacts {
    /// The facts of this rank's node.
    static func own(name: String) throws -> [String: String] {
        let process = ProcessInfo.processInfo
        let kernel = try String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
        return [
            "host": name, "host_cores": "\(process.activeProcessorCount)",
            "host_memory": "\(process.physicalMemory)",
            "host_system": process.operatingSystemVersionString + ", kernel "
                + kernel.trimmingCharacters(in: .whitespacesAndNewlines),
        ]
    }

    /// The nodes of a job, from the facts of all its ranks; takes those facts out of them.
    static func take(from ranks: inout [[String: String]]) -> [RunHost] {
        var names: [String] = []
        var facts: [String: [[String: String]]] = [:]
        for rank in ranks {
            let name = rank["host"] ?? ""
            if facts[name] == nil { names.append(name) }
            facts[name, default: []].append(rank)
        }
        ranks = ranks.map { $0.filter { !$0.key.hasPrefix("host") } }
        return names.map { name in
            let own = facts[name] ?? []
            let gpus = own.flatMap { ($0["host_gpus"] ?? "").split(separator: ",") }.map(
                String.init
            )
            return RunHost(
                name: name,
                rankCount: own.count,
                coreCount: own.first?["host_cores"].flatMap { Int($0) } ?? 0,
                memoryBytes: own.first?["host_memory"].flatMap { Int($0) } ?? 0,
                gpus: Set(gpus).sorted().joined(separator: ","),
                system: own.first?["host_system"] ?? ""
            )
        }
    }
}
