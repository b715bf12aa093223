import Configuration
import Foundation
import Testing

@testable import Sandbox

/// Where things are that tests use in place.
enum Place {
    /// The package's root.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Corpora beside the package, or wherever DEEPMATH_SHARED_DATA points.
    static let corpora: URL = {
        let named = ProcessInfo.processInfo.environment["DEEPMATH_SHARED_DATA"]
        return named.map { URL(filePath: $0) } ?? root.appending(path: "../shared/data")
    }()

    /// An interpreter with numpy, scipy, sympy and mpmath.
    static let python: String? = {
        let named = ProcessInfo.processInfo.environment["DEEPMATH_PYTHON"]
        let usual = root.appending(path: ".venv/bin/python").path
        let candidates: [String] = (named.map { [$0] } ?? []) + [usual]
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static func corpus(_ name: String) -> URL { corpora.appending(path: "sandbox/\(name)") }

    static func hasCorpus(_ name: String) -> Bool {
        FileManager.default.isReadableFile(atPath: corpus(name).path)
    }

    /// The lines of a JSONL file.
    static func lines<Line: Decodable>(of name: String, as type: Line.Type) throws -> [Line] {
        try String(contentsOf: corpus(name), encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
    }
}

extension SandboxConfiguration {
    /// For tests: the tests' interpreter, a job's modules, short limits.
    ///
    /// The timeout is one of processor time and on the wall clock, so that snippets that sleep end soon.
    static func forTests(
        timeout: Duration = .seconds(5),
        change: (inout SandboxConfiguration) -> Void = { _ in }
    ) throws -> SandboxConfiguration {
        var configuration = SandboxConfiguration(
            python: try #require(Place.python),
            allowedModules: SandboxSection.usualModules,
            snippetTimeout: timeout,
            wallTimeout: timeout
        )
        change(&configuration)
        return configuration
    }
}

/// Pools that several tests use: starting one takes seconds.
actor SharedPools {
    static let shared = SharedPools()
    private var pools: [String: Task<SandboxPool, any Error>] = [:]

    func pool(
        _ name: String,
        sessionLimit: Int = 16,
        _ configuration: SandboxConfiguration
    ) async throws -> SandboxPool {
        if let pool = pools[name] { return try await pool.value }
        let starting = Task {
            try await SandboxPool.started(configuration, sessionLimit: sessionLimit)
        }
        pools[name] = starting
        return try await starting.value
    }

    /// A pool with the default modules and a limit of five seconds.
    static func standard() async throws -> SandboxPool {
        try await shared.pool("standard", .forTests())
    }
}

extension SandboxPool {
    /// Starts a pool on a thread that may be blocked.
    static func started(
        _ configuration: SandboxConfiguration,
        sessionLimit: Int
    ) async throws -> SandboxPool {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try SandboxPool(configuration: configuration, sessionLimit: sessionLimit)
                    }
                )
            }
        }
    }

    /// Below the guard: the launcher, the zygote and every session.
    var processes: [Int32] { guardIdentifier.map(Processes.descendants) ?? [] }

    /// Runs snippets in a session of their own.
    func run(_ snippets: String..., seed: UInt64 = 0) async throws -> [SnippetResult] {
        let session = try await openSession(seed: seed)
        var results: [SnippetResult] = []
        for snippet in snippets { results.append(try await session.run(snippet)) }
        await session.close()
        return results
    }

    /// The last result of the snippets, run in a session of their own.
    func last(_ snippets: String..., seed: UInt64 = 0) async throws -> SnippetResult {
        let session = try await openSession(seed: seed)
        var last: SnippetResult?
        for snippet in snippets { last = try await session.run(snippet) }
        await session.close()
        return try #require(last)
    }
}

/// Facts about processes, from /proc.
enum Processes {
    static func parent(of identifier: Int32) -> Int32? {
        guard let text = stat(identifier), text.count > 1 else { return nil }
        return Int32(text[1])
    }

    /// Whether it exists and is more than an entry that waits to be reaped.
    static func isAlive(_ identifier: Int32) -> Bool {
        guard let state = stat(identifier)?.first else { return false }
        return state != "Z" && state != "X"
    }

    /// Such as R, S, T (stopped) or Z.
    static func state(_ identifier: Int32) -> String? { stat(identifier)?.first.map(String.init) }

    /// In seconds, to a hundredth.
    static func cpuTime(_ identifier: Int32) -> Double? {
        guard let text = stat(identifier), text.count > 12, let user = Double(text[11]),
            let system = Double(text[12])
        else { return nil }
        return (user + system) / 100
    }

    static func descendants(of root: Int32) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let parents = entries.compactMap { Int32($0) }.map { ($0, parent(of: $0)) }
        var found: [Int32] = [root]
        for index in 0..<parents.count where index < found.count {
            found += parents.filter { $0.1 == found[index] }.map(\.0)
        }
        return Array(found.dropFirst())
    }

    static func residentBytes(_ identifier: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(identifier)/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * 4096
    }

    static func openDescriptorCount() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
    }

    private static func stat(_ identifier: Int32) -> [Substring]? {
        guard
            let text = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[text.index(after: end)...].split(separator: " ")
    }
}
