import Configuration
import Foundation
import Testing

@testable import Sandbox

/// Hostile snippets: each meets its expectation, and the host shows no effect.
@Suite(
    .enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"),
    .serialized
)
struct EscapeTests {
    /// Which modules are allowed, and which locks are left out.
    enum Setting: String, CaseIterable {
        case everyModule, everyModuleWithoutSecondLocks, usualModules

        func apply(_ configuration: inout SandboxConfiguration) {
            // The corpus has attacks with signals that only need the module's names.
            configuration.allowedModules = SandboxSection.usualModules + ["signal"]
            if self != .usualModules { configuration.allowedModules.append("*") }
            // The filter, the limits and the fork are the boundary; it holds alone.
            if self == .everyModuleWithoutSecondLocks {
                configuration.withoutLocks = ["namespaces", "landlock"]
            }
        }
    }

    @Test(
        .enabled(if: Place.hasCorpus("escape.jsonl"), "needs the escape corpus"),
        .oneAtATime,
        arguments: Setting.allCases
    )
    func everyLineOfTheCorpusMeetsItsExpectation(setting: Setting) async throws {
        var lines = try Place.lines(of: "escape.jsonl", as: EscapeLine.self)
        // Limits depend neither on modules nor on second locks.
        let limited = ["cpu", "memory", "crash", "output"]
        if setting != .everyModuleWithoutSecondLocks {
            lines.removeAll { limited.contains($0.category) }
        }
        try await check(lines, timeout: .milliseconds(1500), setting)
    }

    @Test(.oneAtATime, arguments: [Setting.everyModule, .everyModuleWithoutSecondLocks])
    func everyAttackMeetsItsExpectation(setting: Setting) async throws {
        let attacks =
            setting == .everyModule ? Attack.all : Attack.all + Attack.time + Attack.memory
        try await check(attacks.map(EscapeLine.init), timeout: .seconds(1), setting)
    }

    /// Without the filter these succeed, so it is the filter that stops them.
    @Test(arguments: Attack.all.filter(\.hasTeeth))
    func attackSucceedsWhereTheFilterIsLeftOut(attack: Attack) async throws {
        let pool = try await SharedPools.shared.pool(
            "without a filter",
            .forTests {
                Setting.everyModuleWithoutSecondLocks.apply(&$0)
                $0.withoutLocks.append("session-filter")
            }
        )
        let canaries = try Canaries(listening: false)
        let result = try await pool.last(attack.code.replacing("@FIX@", with: canaries.folder))
        #expect(result.output.contains("ESCAPED"), "\(result.output)")
    }

    private func check(_ lines: [EscapeLine], timeout: Duration, _ setting: Setting) async throws {
        let canaries = try Canaries()
        // Two lanes, each with a pool, so that a lane's processes are its own.
        let configuration = try SandboxConfiguration.forTests(
            timeout: timeout,
            change: setting.apply
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<2 {
                group.addTask {
                    let harness = try await EscapeHarness(configuration, canaries)
                    for index in stride(from: lane, to: lines.count, by: 2) {
                        try await harness.check(lines[index])
                    }
                    harness.finish()
                }
            }
            try await group.waitForAll()
        }
        #expect(canaries.writtenFiles.isEmpty)
        #expect(!canaries.wasContacted)
    }
}
