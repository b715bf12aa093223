import Configuration
import Foundation
import Testing

@testable import Sandbox

/// What a model sees of the interpreter.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct SandboxSessionTests {
    @Test func trailingExpressionIsEchoedAndNoneIsNot() async throws {
        let pool = try await SharedPools.standard()
        #expect(try await pool.last("x = 20\nx + 1").output == "21\n")
        #expect(try await pool.last("None").output == "")
        #expect(try await pool.last("print('a')\n'b'").output == "a\n'b'\n")
        #expect(try await pool.last("").output == "")
    }

    @Test func snippetsShareVariablesImportsAndClasses() async throws {
        let pool = try await SharedPools.standard()
        let results = try await pool.run(
            "import math\nclass A:\n    v = 2",
            "a = A(); b = math.pi",
            "a.v, round(b, 2), _ if 0 else 1"
        )
        #expect(results.map(\.status) == [.ok, .ok, .ok])
        #expect(results[2].output == "(2, 3.14, 1)\n")
    }

    @Test func sessionsShareNothing() async throws {
        let pool = try await SharedPools.standard()
        let one = try await pool.openSession(seed: 1)
        let other = try await pool.openSession(seed: 1)
        _ = try await one.run(
            "x = 1; import sympy; sympy.S.Half.__class__.__str__ = lambda s: 'no'"
        )
        #expect(try await other.run("x").output.hasSuffix("NameError: name 'x' is not defined"))
        #expect(try await other.run("import sympy; print(sympy.S.Half)").output == "1/2\n")
        #expect(try await one.run("x").output == "1\n")
        await one.close()
        await other.close()
    }

    @Test func exceptionGivesLineTypeAndMessageAfterWhatWasPrinted() async throws {
        let pool = try await SharedPools.standard()
        let result = try await pool.last("print('before')\ndef f():\n    return 1/0\nf()")
        #expect(result.status == .exception)
        #expect(result.output == "before\nIn line 3:\nZeroDivisionError: division by zero")
        #expect(!result.stateLost)
        let custom = try await pool.last("class E(Exception): pass\nraise E('why')")
        #expect(custom.output == "In line 2:\nE: why")
        let library = try await pool.last("import json\njson.loads('{')")
        #expect(library.output.contains("\njson.decoder.JSONDecodeError: Expecting"))
        let earlier = try await pool.last("def f():\n    return 1/0", "f()")
        #expect(earlier.output.hasPrefix("In line 2 of an earlier snippet:\n"))
    }

    @Test func syntaxErrorNamesItsLineAndRunsNothing() async throws {
        let result = try await SharedPools.standard().last("print('no')\nx = (1,\ny")
        #expect(result.status == .exception)
        #expect(result.output == "In line 2:\nSyntaxError: '(' was never closed")
    }

    @Test func exceptionThatCannotBeDescribedIsStillAnException() async throws {
        let result = try await SharedPools.standard().last(
            "class E(Exception):\n    def __str__(self): raise ValueError('worse')\nraise E",
            "1+1"
        )
        #expect(result.output == "2\n")
    }

    @Test func refusedImportSaysWhatIsAllowed() async throws {
        let pool = try await SharedPools.standard()
        let result = try await pool.last("import requests")
        #expect(result.status == .refused)
        #expect(result.output.contains("module 'requests' is not available here. Available: abc"))
        #expect(result.output.contains("sympy"))
        let caught = try await pool.last(
            "try:\n    import requests\nexcept ImportError:\n    print(1)"
        )
        #expect(caught.status == .ok)
        #expect(caught.output == "1\n")
        #expect(try await pool.last("import scipy.special as s; s.comb(4, 2)").status == .ok)
        #expect(try await pool.last("__import__('socket')").status == .refused)
        #expect(try await pool.last("import numpy.f2py.nothing").status == .exception)
    }

    @Test func everyDefaultModuleCanBeImported() async throws {
        let pool = try await SharedPools.standard()
        let code = SandboxSection.usualModules.map { "import \($0)" }.joined(
            separator: "\n"
        )
        let result = try await pool.last(code)
        #expect(result.status == .ok, "\(result.output)")
    }

    @Test(arguments: [
        "while True: pass",
        "9**9**9",
        "import time; time.sleep(1e6)",
        "import re; re.match(r'(a+)+$', 'a' * 40 + 'b')",
        "import math; math.factorial(10**8)",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "class A:\n    def __repr__(self):\n        while True: pass\nA()",
        "class A:\n    def __del__(self):\n        while True: pass\na = A(); del a",
        "import numpy as np\na = np.ones((1500, 1500))\nwhile True: a = a @ a * 1e-9",
    ])
    func timeLimitEndsWhateverRuns(code: String) async throws {
        let pool = try await SharedPools.shared.pool("half", .forTests(timeout: .milliseconds(500)))
        let results = try await pool.run("x = 1", code, "x", "2+2")
        #expect(results[1].status == .timeout)
        #expect(results[1].stateLost)
        #expect(results[1].output.contains("took longer than 0.5 s"))
        #expect(results[1].output.contains("variables and imports of earlier snippets are lost"))
        #expect(results[1].seconds < 5)
        #expect(results[2].status == .exception)
        #expect(results[3].output == "4\n")
    }

    @Test func whatWasPrintedBeforeTheTimeLimitIsKept() async throws {
        let pool = try await SharedPools.shared.pool("half", .forTests(timeout: .milliseconds(500)))
        let result = try await pool.last("print('begun')\nwhile True: pass")
        #expect(result.output.hasPrefix("begun\nTimeoutError"))
    }

    @Test func memoryErrorKeepsTheSession() async throws {
        let results = try await SharedPools.standard().run(
            "x = 5",
            "a = bytearray(8 << 30)",
            "x",
            "import numpy as np; np.ones(1 << 30)",
            "x"
        )
        #expect(results.map(\.status) == [.ok, .memory, .ok, .memory, .ok])
        #expect(results[1].output == "In line 1:\nMemoryError")
        #expect(results[4].output == "5\n")
        #expect(results.allSatisfy { !$0.stateLost })
    }

    @Test func memoryLimitIsRelativeToTheZygote() async throws {
        let pool = try await SharedPools.shared.pool(
            "small",
            .forTests { $0.memoryLimitBytes = 64 << 20 }
        )
        #expect(try await pool.last("len(bytearray(48 << 20))").output == "\(48 << 20)\n")
        #expect(try await pool.last("len(bytearray(80 << 20))").status == .memory)
    }

    @Test func peakCountsWhatTheSnippetUsed() async throws {
        let results = try await SharedPools.standard().run(
            "1",
            "len(bytearray(b'x') * (100 << 20))"
        )
        #expect(results[0].peakBytes > 10 << 20)
        #expect(results[1].peakBytes - results[0].peakBytes > 90 << 20)
        #expect(results[1].peakBytes - results[0].peakBytes < 250 << 20)
    }

    @Test func longOutputIsCutInTheMiddle() async throws {
        let results = try await SharedPools.standard().run("print('a' * 200_000 + 'z')", "1")
        let text = results[0].output
        #expect(results[0].status == .ok)
        #expect(text.utf8.count <= 16_384)
        #expect(text.hasPrefix("aaaa"))
        #expect(text.hasSuffix("az\n"))
        #expect(text.contains("bytes left out]"))
        #expect(results[1].output == "1\n")
    }

    @Test func floodIsStoppedAndTheSessionGoesOn() async throws {
        let results = try await SharedPools.standard().run(
            "x = 7",
            "while True: print('y' * 1000)",
            "x",
            "'z' * (50 << 20)",
            "x"
        )
        #expect(results.map(\.status) == [.ok, .outputLimit, .ok, .outputLimit, .ok])
        #expect(results[4].output == "7\n")
        #expect(results[1].output.utf8.count <= 16_384)
        #expect(results[1].output.hasSuffix("printed too much and was stopped"))
    }

    @Test func floodBehindPythonsBackEndsTheInterpreter() async throws {
        let results = try await SharedPools.standard().run(
            "import os\nwhile True: os.write(1, b'a' * 4096)",
            "1+1"
        )
        #expect(results[0].status == .outputLimit)
        #expect(results[0].stateLost)
        #expect(results[1].output == "2\n")
    }

    @Test func outputThatIsNotUTF8IsRepairedWithinTheLimit() async throws {
        let result = try await SharedPools.standard().last(
            "import os\nfor _ in range(4): os.write(1, b'\\xff' * 4096)"
        )
        #expect(result.status == .ok)
        #expect(result.output.utf8.count <= 16_384)
        #expect(try await SharedPools.standard().last("print('\\ud800')").output == "\\ud800\n")
    }

    @Test func endingTheInterpreterIsADeathWithAFreshOneAfterIt() async throws {
        let results = try await SharedPools.standard().run(
            "import os; x = 1; os.write(1, b'42\\n'); os._exit(0)",
            "1+1"
        )
        #expect(results[0].status == .died)
        #expect(results[0].stateLost)
        #expect(results[1].output == "2\n")
    }

    @Test func exitEndsTheSnippetOnly() async throws {
        let results = try await SharedPools.standard().run("x = 3\nexit()", "x", "exit(2)")
        #expect(results.map(\.status) == [.ok, .ok, .exception])
        #expect(results[1].output == "3\n")
    }

    @Test func bentStreamsAndHooksAreStraightInTheNextSnippet() async throws {
        let results = try await SharedPools.standard().run(
            "import sys, builtins\nsys.stdout.close()\nsys.stdout = None\nsys.settrace(lambda *a: 1/0)",
            "print('still here')",
            "input()"
        )
        #expect(results[1].output == "still here\n")
        #expect(results[2].output.hasSuffix("EOFError: EOF when reading a line"))
    }

    @Test func cancellingTheTaskEndsTheSnippet() async throws {
        let pool = try await SharedPools.shared.pool(
            "ten seconds",
            .forTests(timeout: .seconds(10))
        )
        let session = try await pool.openSession(seed: 1)
        _ = try await session.run("x = 1")
        let task = Task { try await session.run("while True: pass") }
        try await Task.sleep(for: .milliseconds(100))
        let started = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(ContinuousClock.now - started < .seconds(3))
        let next = try await session.run("1+1")
        #expect(next.output.hasSuffix("2\n"))
        #expect(next.stateLost)
        await session.close()
    }

    @Test func closedSessionRefusesSnippets() async throws {
        let session = try await SharedPools.standard().openSession(seed: 1)
        await session.close()
        await session.close()
        await #expect(throws: SandboxError.closed) { _ = try await session.run("1") }
    }

    @Test func overlongSnippetIsRefusedWithoutBeingSent() async throws {
        let long = "#" + String(repeating: "x", count: WireFormat.snippetLimitBytes)
        let result = try await SharedPools.standard().last(long, "1+1")
        #expect(result.output == "2\n")
    }

    @Test func largeSnippetArrivesWhole() async throws {
        let code = "x = '" + String(repeating: "y", count: 3 << 20) + "'\nlen(x)"
        #expect(try await SharedPools.standard().last(code).output == "\(3 << 20)\n")
    }
}
