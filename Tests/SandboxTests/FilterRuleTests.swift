import Foundation
import Testing

@testable import Sandbox

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
        kept = ctypes.create_string_buffer(64)
        def room():
            return ctypes.addressof(kept)
        def private():
            return mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)

        """

    private static func rules(_ filter: String, _ action: String? = nil) -> [FilterRule] {
        FilterRule.all.filter { $0.filter == filter && (action == nil || $0.action == action) }
    }

    /// A pool whose filters lack these rules, or do not look at these rules' arguments.
    private func pool(
        omitting omitted: [String] = [],
        loosening loosened: [String] = [],
        withoutLocks: [String] = []
    ) async throws -> SandboxPool {
        let name = "filter -\(omitted) ~\(loosened) \(withoutLocks)"
        return try await SharedPools.shared.pool(
            name,
            .forTests(timeout: .seconds(5)) {
                $0.allowedModules = ["ctypes", "errno", "mmap", "os", "time"]
                $0.omittedRules = omitted
                $0.loosenedRules = loosened
                $0.withoutLocks = withoutLocks
            }
        )
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

    /// For each call that is deadly with some arguments only.
    private static let deadlyArguments = [
        "sendto out of band": "call(44, 3, id(b'x'), 1, 0x4001, 0, 0)"
    ]

    /// The default action refuses everything else, whatever a future kernel calls it.
    @Test func everyCallWithoutARuleIsRefused() async throws {
        let known = Set(Self.rules("session").map(\.systemCall))
        // 335 and 336 are the kernel's own breakpoints: it lets no filter see them (Linux 6.14) and
        // ends whoever makes them by hand.
        let others = (0..<600).filter { !known.contains($0) && ![335, 336].contains($0) }
        #expect(others.count > 450)
        let result = try await pool().last(
            Self.prelude
                + "for n in \(others):\n    print(n, end=' ')\n    call(n, -1, 0, 0, 0, 0, 0)"
        )
        #expect(result.status == .ok, "\(result.output.suffix(100))")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == others.count)
        for line in lines { #expect(line.hasSuffix(" EPERM"), "\(line)") }
    }

    /// x32 numbers and 32-bit calls have other meanings; no rule may be evaded by them.
    @Test func foreignNumbersAreNotLetThrough() async throws {
        let outcome = try await outcome(pool(), "call(0x40000000 + 39)")
        #expect(["killed", "EPERM", "ENOSYS"].contains(outcome))
    }

    @Test func deadlyCallsEndTheProcessOnlyBecauseOfTheirRules() async throws {
        let rules = Self.rules("session", "kill")
        #expect(rules.count > 40)
        let full = try await pool()
        let without = try await pool(omitting: rules.map(\.name))
        for rule in rules {
            let code =
                rule.checkCount > 0
                ? try #require(Self.deadlyArguments[rule.name], "\(rule)")
                : "call(\(rule.systemCall), -1, 0, 0, 0, 0, 0)"
            #expect(try await outcome(full, code) == "killed", "\(rule)")
            #expect(try await outcome(without, code) == "EPERM", "\(rule)")
        }
    }

    @Test func refusalsHaveTheErrorsThatLibrariesExpect() async throws {
        let cases = [
            ("open", "call(2, 0, 0)", "EACCES"), ("openat", "call(257, -100, 0, 0)", "EACCES"),
            ("clone3", "call(435, 0, 0)", "ENOSYS"),
        ]
        #expect(Self.rules("session", "refuse").map(\.name) == cases.map(\.0))
        let full = try await pool()
        let without = try await pool(omitting: cases.map(\.0))
        for (name, code, wanted) in cases {
            #expect(try await outcome(full, code) == wanted, "\(name)")
            #expect(try await outcome(without, code) == "EPERM", "\(name)")
        }
    }

    private static func waiting(_ command: Int, _ rest: String) -> String {
        """
        word = ctypes.c_int(0)
        r = l.syscall(202, ctypes.byref(word), \(command), 1, \(rest))
        print('ok' if ctypes.get_errno() == errno.EAGAIN else ctypes.get_errno())
        """
    }

    /// For each allowed call, something honest that needs it.
    private static let needs: [String: String] = [
        "write": "print('ok')",
        "recvfrom": "print('ok')",
        "sendto": "print('ok')",
        "mmap": "m = mmap.mmap(-1, 1 << 20); m[0] = 1; print('ok')",
        "munmap": "call(11, ctypes.addressof(ctypes.c_char.from_buffer(private())) & ~4095, 4096)",
        "mprotect": "call(10, 0, 0, 1)",
        "mremap": "m = mmap.mmap(-1, 4096); m.resize(1 << 20); print('ok')",
        "brk": "print('ok' if l.syscall(12, 0) > 0 else 'refused')",
        "madvise": "m = mmap.mmap(-1, 4096); m.madvise(mmap.MADV_DONTNEED); print('ok')",
        "madvise hugepage": "m = private(); m.madvise(14); print('ok')",
        // A wait for another value than the word has returns at once: "Resource unavailable".
        "futex wait": waiting(128, "0, 0, 0"),
        "futex wake": "call(202, ctypes.addressof(ctypes.c_int(0)), 129, 1, 0, 0, 0)",
        "futex wait bitset": waiting(137, "0, 0, 0xffffffff"),
        "futex wait bitset realtime": waiting(393, "0, 0, 0xffffffff"),
        "futex wake bitset": "call(202, ctypes.addressof(ctypes.c_int(0)), 138, 1, 0, 0, -1)",
        "clock_nanosleep": "import time; time.sleep(0.01); print('ok')",
        "restart_syscall":
            "l.syscall(219); print('ok' if ctypes.get_errno() == errno.EINTR else 'refused')",
        "sched_getaffinity": "import os; print('ok' if os.sched_getaffinity(0) else '')",
        "exit_group": "l.syscall(231, 3)",
        "exit": "l.syscall(60, 3)",
    ]

    @Test(arguments: rules("session", "allow"))
    func allowedCallIsNeededAndFailsWithoutItsRule(rule: FilterRule) async throws {
        let code = try #require(Self.needs[rule.name], "no use is known for \(rule.name)")
        let isEnd = rule.name.hasPrefix("exit")
        #expect(try await outcome(pool(), code) == (isEnd ? "died" : "ok"))
        let without = try await SandboxPool.started(
            .forTests(timeout: .seconds(1)) {
                $0.allowedModules = ["ctypes", "errno", "mmap", "os", "time"]
                $0.omittedRules = [rule.name]
            },
            sessionLimit: 1
        )
        defer { without.shutdown() }
        #expect(try await outcome(without, code) != (isEnd ? "died" : "ok"))
    }

    /// Arguments that an allowed call is refused with, for every rule that looks at arguments.
    private static let misuses = [
        ("write", "call(1, 0, id(b'x'), 0)"),
        ("recvfrom", "call(45, 1, 0, 0, 0, 0, 0)"),
        ("recvfrom", "call(45, 3, id(b'x'), 0, 0x42, 0, 0)"),
        ("sendto", "call(44, 1, 0, 0, 0, 0, 0)"),
        ("sendto", "call(44, 3, 0, 0, 0, 1, 0)"),
        ("sendto", "call(44, 3, id(b'x'), 0, 0x8000, 0, 0)"),
        ("mmap", "call(9, 0, 4096, 7, 0x22, -1, 0)"),
        ("mmap", "call(9, 0, 4096, 1, 2, 1, 0)"),
        ("mmap", "call(9, 0, 4096, 3, 0x21, -1, 0)"),
        ("mmap", "call(9, 0, 1 << 21, 3, 0x40022, -1, 0)"),
        // Commands that are not private, have another clock, or another meaning.
        ("futex wait", "call(202, room(), 0, 1, 0, 0, 0)"),
        ("futex wait", "call(202, room(), 384, 1, 0, 0, 0)"),
        ("futex wake", "call(202, room(), 1, 1, 0, 0, 0)"),
        ("futex wait bitset", "call(202, room(), 9, 1, 0, 0, -1)"),
        ("futex wait bitset realtime", "call(202, room(), 265, 1, 0, 0, -1)"),
        ("futex wake bitset", "call(202, room(), 10, 1, 0, 0, -1)"),
        ("futex wake bitset", "call(202, room(), 132, 1, 0, room(), 0)"),
        ("clock_nanosleep", "call(230, 0, 0, room(), 0)"),
        ("clock_nanosleep", "call(230, -6, 0, room(), 0)"),
        ("mprotect", "call(10, 0, 0, 5)"),
        ("madvise", "call(28, 0, 0, 12)"),
        ("madvise hugepage", "call(28, 0, 0, 15)"),
        ("sched_getaffinity", "call(204, 1, 0, 0)"),
    ]

    @Test func allowedCallsAreRefusedWithOtherArgumentsBecauseOfTheirChecks() async throws {
        let allowed = Self.rules("session", "allow")
        let checked = Set(allowed.filter { $0.checkCount > 0 }.map(\.name))
        #expect(checked == Set(Self.misuses.map(\.0)))
        let full = try await pool()
        let loose = try await pool(loosening: checked.sorted())
        for (name, code) in Self.misuses {
            #expect(try await outcome(full, code) == "EPERM", "\(name)")
            let loosened = try await outcome(loose, code)
            #expect(loosened != "EPERM", "\(name): \(loosened)")
        }
    }

    /// Stage one is seen where stage two is left out.
    @Test func zygoteFilterRulesChangeTheirCalls() async throws {
        let rules = Self.rules("zygote")
        let with = try await pool(withoutLocks: ["session-filter"])
        let without = try await pool(
            omitting: rules.map(\.name),
            withoutLocks: ["session-filter"]
        )
        #expect(rules.count > 30)
        for rule in rules {
            let code =
                rule.name == "socket"
                ? "call(41, 2, 1, 0)" : "call(\(rule.systemCall), -1, 0, 0, 0, 0, 0)"
            let (before, after) = (try await outcome(with, code), try await outcome(without, code))
            #expect(before != after, "\(rule): \(before), \(after)")
            if rule.action == "kill" { #expect(before == "killed", "\(rule)") }
        }
    }
}
