import Foundation
import Testing

@testable import Sandbox

/// A rule of one of the two system-call filters, as `sandbox-launch --rules` lists it.
struct FilterRule: Sendable, CustomTestStringConvertible {
    let filter: String
    let name: String
    let systemCall: Int
    let action: String
    let checkCount: Int

    var testDescription: String { "\(filter) \(name)" }

    /// All rules of the launcher beside the tests; none when it cannot be run.
    static let all: [FilterRule] = {
        guard let launcher = try? ExecutableDirectory.path(of: "sandbox-launch") else { return [] }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: launcher)
        process.arguments = ["--rules"]
        process.standardOutput = pipe
        guard (try? process.run()) != nil else { return [] }
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t")
            guard parts.count == 5, let number = Int(parts[2]), let checks = Int(parts[4]) else {
                return nil
            }
            return FilterRule(
                filter: String(parts[0]),
                name: String(parts[1]),
                systemCall: number,
                action: String(parts[3]),
                checkCount: checks
            )
        }
    }()
}
