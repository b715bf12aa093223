import Foundation
import Testing

@testable import Sandbox

/// A line of the hostile corpus.
struct EscapeLine: Decodable, Sendable {
    let id: String
    let category: String
    let code: String
    let expect: String
    let must_not: [String]
    let then_same_trace: String?
    let then_new_trace: String?
    let then_expect: String?
    let determinism: String?
}

extension EscapeLine {
    init(_ attack: Attack) {
        id = attack.name
        category = "attack"
        code = attack.code
        expect = attack.expect
        must_not = Attack.mustNot
        then_same_trace = attack.then?.code
        then_expect = attack.then?.expect
        then_new_trace = nil
        determinism = nil
    }
}

/// Runs lines in a pool of its own and looks at the host after each.
struct EscapeHarness {
    let pool: SandboxPool
    let canaries: Canaries

    init(_ configuration: SandboxConfiguration, _ canaries: Canaries) async throws {
        pool = try await SandboxPool.started(configuration, sessionLimit: 4)
        self.canaries = canaries
    }

    func check(_ line: EscapeLine) async throws {
        let code = line.code.replacing("@FIX@", with: canaries.folder)
        let residentBefore = Processes.residentBytes(getpid())
        let session = try await pool.openSession(seed: 7)
        let started = ContinuousClock.now
        let result = try await session.run(code)
        let wall = ContinuousClock.now - started
        expect(line.id, result, line.expect)

        let marker = "after-\(line.id)"
        if let then = line.then_same_trace {
            expect(line.id + ", then", try await session.run(then), line.then_expect ?? "ok")
        } else {
            // Whatever it did to its own interpreter, the answer is this question's answer.
            let next = try await session.run("print('\(marker)')")
            #expect(next.status != .ok || next.output.hasSuffix("\(marker)\n"), "\(line.id)")
        }
        await session.close()
        if let then = line.then_new_trace {
            expect(line.id + ", then", try await pool.last(then), line.then_expect ?? "ok")
        }
        if line.determinism == "same_across_runs" {
            #expect(try await pool.last(code, seed: 7).output == result.output, "\(line.id)")
        }
        for rule in line.must_not where !Self.isPolicy(line, rule) {
            let text = rule.replacing("@FIX@", with: canaries.folder)
            try await checkHost(line.id, text, result, wall, residentBefore)
        }
    }

    /// A thread may be started, for it ends inside the call that starts it: then the line's last print
    /// says nothing.
    private static func isPolicy(_ line: EscapeLine, _ rule: String) -> Bool {
        line.id == "th_start" && rule == "no_output:ESCAPED"
    }

    func finish() {
        pool.shutdown()
    }

    /// `denied` is an exception other than MemoryError, or output without the word ESCAPED.
    private func expect(_ name: String, _ result: SnippetResult, _ wanted: String) {
        // An exact output may itself hold the separator, so only its beginning is looked at.
        let isMet = wanted.split(separator: "|", omittingEmptySubsequences: false).contains {
            alternative in
            let (kind, rest) = Self.parts(alternative)
            return switch kind {
            case "denied":
                result.status == .exception || result.status == .refused
                    || (result.status == .ok && !result.output.contains("ESCAPED"))
            case "killed", "protocol": result.status == .died
            case "timeout": result.status == .timeout
            case "memory_error": result.status == .memory
            case "output_limit": result.status == .outputLimit
            case "error":
                [.exception, .refused].contains(result.status)
                    && (rest.map { result.output.contains($0) } ?? true)
            case "ok":
                result.status == .ok && (rest.map { result.output.hasSuffix($0) } ?? true)
            default: false
            }
        }
        #expect(
            isMet,
            "\(name): wanted \(wanted), got \(result.status): \(result.output.prefix(300))"
        )
    }

    private static func parts(_ alternative: Substring) -> (kind: String, rest: String?) {
        guard let colon = alternative.firstIndex(of: ":") else { return (String(alternative), nil) }
        let rest = String(alternative[alternative.index(after: colon)...])
        return (String(alternative[..<colon]), rest.isEmpty ? nil : rest)
    }

    private func checkHost(
        _ name: String,
        _ rule: String,
        _ result: SnippetResult,
        _ wall: Duration,
        _ residentBefore: Int
    ) async throws {
        let parts = rule.split(separator: ":", maxSplits: 1).map(String.init)
        let value = parts.count > 1 ? parts[1] : ""
        switch parts[0] {
        case "no_output": #expect(!result.output.contains(value), "\(name): \(value)")
        case "no_file": #expect(!FileManager.default.fileExists(atPath: value), "\(name): \(value)")
        case "victim_intact": #expect(canaries.isVictimIntact, "\(name)")
        case "no_connect": #expect(!canaries.wasContacted, "\(name)")
        case "supervisor_alive": break
        case "next_trace_ok", "no_desync":
            #expect(try await pool.last("1+1").output == "2\n", "\(name)")
        case "no_leftover_proc":
            #expect(await eventually { pool.processes.count <= 3 }, "\(name): \(pool.processes)")
        case "wall_le_timeout_plus":
            let limit = pool.configuration.snippetTimeout + .seconds(Double(value) ?? 0)
            #expect(wall <= limit, "\(name): \(wall)")
        case "rss_le_mb":
            #expect(result.peakBytes <= (Int(value) ?? 0) << 20, "\(name): \(result.peakBytes)")
        case "supervisor_rss_le_mb":
            let growth = Processes.residentBytes(getpid()) - residentBefore
            #expect(growth <= (Int(value.dropFirst()) ?? 0) << 20, "\(name): \(growth)")
        case "output_le_bytes":
            #expect(result.output.utf8.count <= Int(value) ?? 0, "\(name)")
        case "valid_utf8_result":
            #expect(String(validating: Array(result.output.utf8), as: UTF8.self) != nil, "\(name)")
        default: Issue.record("\(name): unknown rule \(rule)")
        }
    }

    private func eventually(_ condition: () -> Bool) async -> Bool {
        for _ in 0..<100 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return condition()
    }
}
