import Foundation
import Testing

/// SIGKILL at random moments to each kind of process a run has; `DEEPMATH_KILL_RUNS` says how often.
@Suite(.serialized) struct KillTests {
    enum Victim: String, CaseIterable {
        case worker, coordinator, engine, zygote, grader, everything
    }

    private static let runCount =
        ProcessInfo.processInfo.environment["DEEPMATH_KILL_RUNS"].flatMap { Int($0) }
        ?? Victim.allCases.count

    @Test func whateverIsKilledEachAttemptIsThereOnceAndEqualsThatOfAQuietRun() throws {
        let quiet = try run()
        let start = ContinuousClock.now
        #expect(try quiet.start().finish().status == 0)
        let quietSeconds = (ContinuousClock.now - start) / .seconds(1)
        let expected = try quiet.rows()
        #expect(expected.count == 40)
        for index in 0..<Self.runCount {
            let victim = Victim.allCases[index % Victim.allCases.count]
            let moment = Double.random(in: 0...quietSeconds)
            try check(victim, after: moment, expected)
        }
    }

    private func run() throws -> ScriptedRun {
        try ScriptedRun(problemCount: 20, sampleCount: 2, firstTokenSeconds: 0.3)
    }

    private func check(_ victim: Victim, after seconds: Double, _ expected: [String]) throws {
        let run = try run()
        let program = try run.start()
        let name = "\(victim.rawValue) killed after \(seconds) s"
        _ = try program.wait(upTo: seconds) { false }
        for process in try victims(victim, of: program) { kill(process, SIGKILL) }
        let outcome = try program.finish()
        #expect(try program.survivors(after: 20).isEmpty, "\(name)")
        if outcome.status != 0 {
            let rerun = try run.start(rankCount: [1, 2, 3].randomElement() ?? 2)
            let rest = try rerun.finish()
            #expect(rest.status == 0, "\(name): \(rest.errors)")
            #expect(try rerun.survivors(after: 20).isEmpty, "\(name)")
        }
        #expect(try run.rows() == expected, "\(name), status \(outcome.status)")
    }

    /// The processes to kill; none when the run has not started them yet, or has ended.
    private func victims(_ victim: Victim, of program: Program) throws -> [Int32] {
        func matching(_ words: [String]) throws -> [Int32] {
            try program.survivors().filter { line in words.allSatisfy { line.contains($0) } }
                .compactMap { $0.split(separator: " ").first.flatMap { Int32($0) } }
        }
        switch victim {
        case .worker: return [try program.ranks()[2]].compactMap { $0 }
        case .coordinator: return [try program.ranks()[0]].compactMap { $0 }
        case .engine: return Array(try matching(["scripted-engine", "--uds"]).suffix(1))
        // The zygote's command line ends with its options; sessions are forks of it.
        case .zygote: return Array(try matching(["python", "\"modules\""]).prefix(1))
        case .grader: return Array(try matching(["python", "grader"]).suffix(1))
        case .everything: return try matching([])
        }
    }
}
