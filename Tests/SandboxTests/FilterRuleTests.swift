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

/// Every rule of the filters does something: without it, a call ends in another way.
///
/// Calls are made through ctypes, in sessions of an interpreter that imports next to nothing.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct FilterRuleTests {
    private static let prelude = """
        import ctypes, errno, mmap
        l = ctypes.CDLL(None, use_errno=True)
        def call(n, *a):
            ctypes.set_errno(0)
            r = l.syscall(ctypes.c_long(n), *[ctypes.c_long(x) for x in a])
            e = ctypes.get_errno()
            print('ok' if r >= 0 else errno.errorcode.get(e, e))

        """

    private func withPool<Value>(
        _ change: (inout SandboxConfiguration) -> Void,
        _ body: (SandboxPool) async throws -> Value
    ) async throws -> Value {
        let configuration = try SandboxConfiguration.forTests {
            $0.allowedModules = ["ctypes", "errno", "mmap", "os", "time", "threading"]
            change(&$0)
        }
        let pool = try SandboxPool(configuration: configuration, sessionLimit: 2)
        defer { pool.shutdown() }
        return try await body(pool)
    }

    /// What a snippet's call ends in: `ok`, an error's name, or how its process died.
    private func outcome(_ pool: SandboxPool, _ code: String) async throws -> String {
        let result = try await pool.last(Self.prelude + code)
        switch result.status {
        case .ok: return result.output.split(separator: "\n").last.map(String.init) ?? ""
        case .died: return result.output.contains("forbidden") ? "killed" : "died"
        default: return result.status.rawValue
        }
    }

    private func outcome(
        _ code: String,
        _ change: (inout SandboxConfiguration) -> Void = { _ in }
    ) async throws -> String {
        try await withPool(change) { try await outcome($0, code) }
    }

    /// The default action refuses everything else, whatever a future kernel calls it.
    @Test func everyCallWithoutARuleIsRefused() async throws {
        let known = Set(FilterRule.all.filter { $0.filter == "session" }.map(\.systemCall))
        // Stage one, below, ends some of these; those have rules in the session filter, too.
        let others = (0..<600).filter { !known.contains($0) }
        #expect(others.count > 450)
        let result = try await withPool({ _ in }) { pool in
            try await pool.last(
                Self.prelude
                    + "for n in \(others):\n    print(n, end=' ')\n    call(n, -1, 0, 0, 0, 0, 0)"
            )
        }
        #expect(result.status == .ok, "\(result.output)")
        for line in result.output.split(separator: "\n") {
            #expect(line.hasSuffix(" EPERM"), "\(line)")
        }
    }

    /// x32 numbers and 32-bit calls have other meanings; no rule may be evaded by them.
    @Test func foreignNumbersAreNotLetThrough() async throws {
        let outcome = try await outcome("call(0x40000000 + 39)")
        #expect(["killed", "EPERM", "ENOSYS"].contains(outcome))
    }

    @Test(arguments: FilterRule.all.filter { $0.filter == "session" && $0.action == "kill" })
    func deadlyCallEndsTheProcessOnlyBecauseOfItsRule(rule: FilterRule) async throws {
        let code = "call(\(rule.systemCall), -1, 0, 0, 0, 0, 0)"
        let pool = try await SharedPools.shared.pool(
            "filter",
            .forTests { $0.allowedModules = ["ctypes", "errno", "mmap"] }
        )
        #expect(try await outcome(pool, code) == "killed")
        #expect(try await self.outcome(code) { $0.omittedRule = rule.name } == "EPERM")
    }

    @Test(
        arguments: [
            ("open", "call(2, 0, 0)", "EACCES"), ("openat", "call(257, -100, 0, 0)", "EACCES"),
            ("clone3", "call(435, 0, 0)", "ENOSYS"),
        ])
    func refusalHasTheErrorThatLibrariesExpect(
        name: String,
        code: String,
        wanted: String
    ) async throws {
        #expect(try await outcome(code) == wanted)
        #expect(try await outcome(code) { $0.omittedRule = name } == "EPERM")
    }

    /// For each allowed call, something honest that needs it.
    private static let needs: [String: String] = [
        "write": "print('ok')",
        "recvfrom": "print('ok')",
        "sendto": "print('ok')",
        "mmap": "m = mmap.mmap(-1, 1 << 20); m[0] = 1; print('ok')",
        "munmap": "call(11, mmap.mmap(-1, 4096) and 0, 4096)",
        "mprotect": "call(10, 0x10000, 4096, 1) if 0 else call(10, 0, 0, 1)",
        "mremap": "m = mmap.mmap(-1, 4096); m.resize(1 << 20); print('ok')",
        "brk": "print('ok' if l.syscall(12, 0) > 0 else 'refused')",
        "madvise": "m = mmap.mmap(-1, 4096); m.madvise(mmap.MADV_DONTNEED); print('ok')",
        "madvise free": "m = mmap.mmap(-1, 4096); m.madvise(8); print('ok')",
        "madvise hugepage": "m = mmap.mmap(-1, 4096); m.madvise(14); print('ok')",
        "futex": "call(202, ctypes.addressof(ctypes.c_int(0)), 1, 1, 0, 0, 0)",
        "clock_nanosleep": "import time; time.sleep(0.01); print('ok')",
        "sched_getaffinity": "import os; print('ok' if os.sched_getaffinity(0) else '')",
        "exit_group": "import os; os._exit(3)",
        "exit": "l.syscall(60, 3)",
    ]

    @Test(arguments: FilterRule.all.filter { $0.filter == "session" && $0.action == "allow" })
    func allowedCallIsNeededAndFailsWithoutItsRule(rule: FilterRule) async throws {
        let code = try #require(Self.needs[rule.name], "no use is known for \(rule.name)")
        let wanted = rule.name.hasPrefix("exit") ? "died" : "ok"
        #expect(try await outcome(code) == wanted)
        let without = try await outcome(code) { $0.omittedRule = rule.name }
        // Without exit_group the process crashes instead of ending, which is no less dead.
        if !rule.name.hasPrefix("exit") { #expect(without != wanted) }
    }

    @Test(
        arguments: [
            ("write", "call(1, 3, id(b'x'), 1)"),
            ("recvfrom", "call(45, 1, 0, 0, 0, 0, 0)"),
            ("sendto", "call(44, 3, 0, 0, 0, 1, 0)"),
            ("mmap", "call(9, 0, 4096, 7, 0x22, -1, 0)"),
            ("mmap", "call(9, 0, 4096, 1, 2, 1, 0)"),
            ("mprotect", "call(10, 0, 0, 5)"),
            ("madvise", "call(28, 0, 0, 12)"),
            ("sched_getaffinity", "call(204, 1, 0, 0)"),
        ])
    func allowedCallIsRefusedWithOtherArgumentsBecauseOfItsChecks(
        name: String,
        code: String
    ) async throws {
        #expect(try await outcome(code) == "EPERM")
        let loosened = try await outcome(code) { $0.loosenedRule = name }
        #expect(loosened != "EPERM", "\(loosened)")
    }

    /// Stage one is seen where stage two is left out.
    @Test(arguments: FilterRule.all.filter { $0.filter == "zygote" })
    func zygoteFilterRuleChangesItsCall(rule: FilterRule) async throws {
        let code =
            rule.name == "socket"
            ? "call(41, 2, 1, 0)" : "call(\(rule.systemCall), -1, 0, 0, 0, 0, 0)"
        let with = try await outcome(code) { $0.withoutLocks = ["session-filter"] }
        let without = try await outcome(code) {
            $0.withoutLocks = ["session-filter"]
            $0.omittedRule = rule.name
        }
        #expect(with != without, "\(with), \(without)")
        #expect(with == (rule.action == "kill" ? "killed" : with))
    }
}
