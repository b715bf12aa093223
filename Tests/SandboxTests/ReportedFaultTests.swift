import Configuration
import Foundation
import Testing

@testable import Sandbox

/// Sessions that once went wrong, from a corpus beside the package.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct ReportedFaultTests {
    private static func lines<Line: Decodable>(_ name: String) throws -> [Line] {
        let file = Place.corpora.appending(path: "faults/\(name)")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
    }

    static func has(_ name: String) -> Bool {
        FileManager.default.isReadableFile(
            atPath: Place.corpora.appending(path: "faults/\(name)").path
        )
    }

    struct Snippets: Decodable {
        struct Input: Decodable { let snippets: [String] }
        let id: String
        let input: Input
        /// `last status ok contains '...' lacks None`.
        let expected: String

        var wanted: String {
            let parts = expected.split(separator: "'", omittingEmptySubsequences: false)
            return parts.count > 2 ? String(parts[1]) : ""
        }
    }

    @Test(.enabled(if: has("snippets.jsonl"), "needs the corpus of faults"))
    func reportedSnippetsSucceed() async throws {
        let pool = try await SharedPools.standard()
        for line in try Self.lines("snippets.jsonl") as [Snippets] {
            let session = try await pool.openSession(seed: 1)
            var last: SnippetResult?
            for snippet in line.input.snippets { last = try await session.run(snippet) }
            await session.close()
            #expect(last?.status == .ok, "\(line.id): \(last?.output ?? "")")
            #expect(
                Self.holds(last?.output, line.wanted),
                "\(line.id): \(last?.output ?? "")"
            )
        }
    }

    private static func holds(_ text: String?, _ wanted: String) -> Bool {
        wanted.isEmpty || text?.contains(wanted) ?? false
    }

    struct Channel: Decodable {
        let id: String
        let snippets: [String]
    }

    /// What becomes of the last snippet; those that are not here tell about themselves only, which the
    /// page on the security model says they may.
    private static let closed: [String: (status: SnippetStatus, output: String)] = [
        "sc_futex_wake_shared": (.ok, "(-1, 1)\n"),
        "sc_sendto_oob": (.died, "forbidden system call"),
        "pr_reply_then_print": (.ok, "third\n"),
        "rs_spin_after_answer": (.ok, ""),
        "x_futex_wait": (.ok, "RECEIVED bits [0, 0, 0, 0, 0, 0, 0, 0]"),
        "x_futex_wake": (.ok, "woken [-1, 0, -1, -1, 0, 0, -1, 0]"),
        "oob_after_answer": (.ok, "three\n"),
    ]

    /// All at once, for some are the two ends of one channel.
    @Test(.enabled(if: has("sandbox-channels.jsonl"), "needs the corpus of faults"))
    func reportedChannelsAreClosed() async throws {
        let pool = try await SharedPools.shared.pool(
            "ten seconds",
            .forTests(timeout: .seconds(10))
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for line in try Self.lines("sandbox-channels.jsonl") as [Channel] {
                group.addTask {
                    let session = try await pool.openSession(seed: 1)
                    var results: [SnippetResult] = []
                    for snippet in line.snippets { results.append(try await session.run(snippet)) }
                    await session.close()
                    guard let wanted = Self.closed[line.id], let last = results.last else { return }
                    #expect(last.status == wanted.status, "\(line.id): \(last.output)")
                    #expect(Self.holds(last.output, wanted.output), "\(line.id): \(last.output)")
                    // One byte beside the results has ended the process.
                    let died = results.contains { $0.status == .died }
                    if line.id == "oob_after_answer" { #expect(died) }
                }
            }
            try await group.waitForAll()
        }
    }
}
