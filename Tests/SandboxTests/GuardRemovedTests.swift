import Foundation
import Testing

@testable import Sandbox

/// The attacks have teeth: with the lock that stops them taken away, they succeed.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct GuardRemovedTests {
    private static let modules = ["os", "socket", "mmap", "resource", "math", "ctypes"]

    private func output(_ code: String, without locks: [String]) async throws -> SnippetResult {
        let pool = try await SharedPools.shared.pool(
            "guards without \(locks)",
            .forTests {
                $0.allowedModules = Self.modules
                $0.withoutLocks = locks
            }
        )
        // Descriptors are limited to those in use, so that some have to go first.
        return try await pool.last(
            "import os\nfor fd in (0, 2):\n    try: os.close(fd)\n    except OSError: pass\n" + code
        )
    }

    private static let attacks = [
        "print('ESCAPED', open('@FIX@/secret.txt').read())",
        "import os; print('ESCAPED', os.listdir('@FIX@'))",
        "import os; print('ESCAPED' if os.path.exists('@FIX@/secret.txt') else 'no')",
        "import os; os.chdir('/'); print('ESCAPED')",
        "import socket; a, b = socket.socketpair(); print('ESCAPED')",
        "import os; print('ESCAPED', os.eventfd(0))",
        "import os; print('ESCAPED', os.memfd_create('x'))",
        "import mmap; mmap.mmap(-1, 4096, prot=7); print('ESCAPED')",
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1)); print('ESCAPED')",
        "import os; os.umask(0); print('ESCAPED')",
    ]

    @Test(arguments: attacks)
    func attackSucceedsWithoutTheSessionFilterAndFailsWithIt(attack: String) async throws {
        let canaries = try Canaries(listening: false)
        let code = attack.replacing("@FIX@", with: canaries.folder)
        let open = try await output(code, without: ["session-filter", "landlock", "namespaces"])
        #expect(open.output.contains("ESCAPED"), "\(open.output)")
        let closed = try await output(code, without: ["landlock", "namespaces"])
        #expect(!closed.output.contains("ESCAPED"), "\(closed.output)")
    }

    /// Landlock and the empty root stand behind the filter.
    @Test func secondLocksHoldWithoutTheSessionFilter() async throws {
        let pool = try await SharedPools.standard()
        let canaries = try Canaries(listening: false)
        let code = "print('ESCAPED', open('\(canaries.folder)/secret.txt').read())"
        try #require(
            pool.enforcement.landlockABI > 0 || pool.enforcement.emptyRoot,
            "this system has neither Landlock nor user namespaces"
        )
        let result = try await output(code, without: ["session-filter"])
        #expect(!result.output.contains("ESCAPED"), "\(result.output)")
    }
}
