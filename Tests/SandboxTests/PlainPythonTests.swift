import Configuration
import Testing

@testable import Sandbox

/// What a program may expect of Python, and gets: standard error, future statements, long numbers,
/// threads.
@Suite(.enabled(if: Place.python != nil, "needs an interpreter: .venv or DEEPMATH_PYTHON"))
struct PlainPythonTests {
    private func output(_ code: String) async throws -> String {
        try await SharedPools.standard().last(code).output
    }

    // MARK: Standard error

    @Test func standardErrorStandsWhereItWasWritten() async throws {
        let text = try await output(
            """
            import sys
            print('a', end='')
            sys.stderr.write('b')
            print('c')
            print('d', file=sys.stderr)
            print('e')
            """
        )
        #expect(text == "abc\nd\ne\n")
    }

    @Test func tracebacksWarningsAndLogsAreShown() async throws {
        let traceback = try await output(
            "import traceback\ntry: 1/0\nexcept ZeroDivisionError: traceback.print_exc()"
        )
        #expect(
            traceback == """
                Traceback (most recent call last):
                  File "<snippet 1>", line 2, in <module>
                ZeroDivisionError: division by zero

                """
        )
        let warning = try await output("import warnings\nwarnings.warn('careful')\n1")
        #expect(warning == "<snippet 1>:2: UserWarning: careful\n1\n")
        let library = try await output("import numpy as np\nnp.array([1.0]) / 0")
        #expect(library.hasPrefix("<snippet 1>:2: RuntimeWarning: divide by zero"), "\(library)")
        #expect(try await output("import logging\nlogging.warning('w')") == "WARNING:root:w\n")
    }

    /// As in plain Python: what libraries deprecate is for those who call them directly.
    @Test func warningsAreFilteredAsInPlainPython() async throws {
        let text = try await output(
            """
            import warnings
            warnings.warn('one', DeprecationWarning)
            warnings.warn('two', PendingDeprecationWarning)
            for _ in range(3): warnings.warn('three')
            """
        )
        #expect(
            text == "<snippet 1>:2: DeprecationWarning: one\n<snippet 1>:4: UserWarning: three\n"
        )
    }

    @Test func floodOfStandardErrorIsStopped() async throws {
        let results = try await SharedPools.standard().run(
            "import sys\nwhile True: sys.stderr.write('x' * 1000)",
            "print('still here')"
        )
        #expect(results.map(\.status) == [.outputLimit, .ok])
        #expect(results[1].output == "still here\n")
    }

    @Test func detachedStreamsAreReplacedForTheNextSnippet() async throws {
        let results = try await SharedPools.standard().run(
            "import sys\nsys.stdout.detach()\nsys.stderr.close()\nsys.stderr.write('x\\n')\nNone",
            "print('y')\nprint('z', file=sys.stderr)"
        )
        #expect(results.map(\.output) == ["x\n", "y\nz\n"])
    }

    // MARK: Future statements and long numbers

    @Test func futureStatementsHoldForThisSnippetAndLaterOnes() async throws {
        let results = try await SharedPools.standard().run(
            "'''What it is for.'''\nfrom __future__ import annotations, division\n"
                + "def f(x: no_such_name): pass\nf.__annotations__",
            "def g(x: nor_this): pass\ng.__annotations__",
            "from __future__ import no_such_feature",
            "x = 1\nfrom __future__ import division",
            "import __future__\n1"
        )
        #expect(results[0].output == "{'x': 'no_such_name'}\n")
        #expect(results[1].output == "{'x': 'nor_this'}\n")
        #expect(
            results[2].output
                == "In line 1:\nSyntaxError: future feature no_such_feature is not defined"
        )
        #expect(
            results[3].output.hasPrefix("In line 2:\nSyntaxError: from __future__ imports must")
        )
        #expect(results[4].output == "1\n")
    }

    @Test func annotationsAreEvaluatedWithoutTheStatement() async throws {
        #expect(try await output("def f(x: no_such_name): pass").contains("NameError"))
    }

    @Test func numbersOfManyDigitsAreTextAndBack() async throws {
        #expect(try await output("print(len(str(2**20000)))") == "6021\n")
        #expect(try await output("int('7' * 50_000) % 1000") == "777\n")
        #expect(
            try await output("from math import factorial\nlen(f'{factorial(3000)}')") == "9131\n"
        )
    }

    @Test func digitLimitThatASnippetSetsHolds() async throws {
        let text = try await output(
            """
            import sys
            print(sys.get_int_max_str_digits())
            sys.set_int_max_str_digits(5000)
            print(sys.get_int_max_str_digits())
            str(10**6000)
            """
        )
        #expect(text.hasPrefix("4300\n5000\n"))
        #expect(text.contains("ValueError: Exceeds the limit (5000 digits)"))
    }

    // MARK: Threads

    @Test func threadRunsToItsEndWhenItIsStarted() async throws {
        let text = try await output(
            """
            import threading
            found = []
            def work(n): found.append((n, threading.current_thread().name))
            threads = [threading.Thread(target=work, args=(n,), name=f'w{n}') for n in range(3)]
            for t in threads: t.start()
            print(found)
            for t in threads: t.join()
            print([t.is_alive() for t in threads], threading.active_count())
            print(threading.current_thread() is threading.main_thread())
            """
        )
        #expect(
            text == "[(0, 'w0'), (1, 'w1'), (2, 'w2')]\n[False, False, False] 1\nTrue\n"
        )
    }

    @Test func errorOfAThreadIsShownAndEndsNothingElse() async throws {
        let text = try await output(
            "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nprint('on')"
        )
        #expect(text.hasPrefix("Exception in thread Thread-1 (<lambda>):\nTraceback"), "\(text)")
        #expect(text.hasSuffix("ZeroDivisionError: division by zero\non\n"), "\(text)")
    }

    @Test func threadsHaveVariablesOfTheirOwn() async throws {
        let text = try await output(
            """
            import threading, decimal
            decimal.getcontext().prec = 50
            kept = threading.local()
            kept.x = 1
            def work(): print(hasattr(kept, 'x'), decimal.getcontext().prec)
            threading.Thread(target=work).start()
            print(kept.x)
            """
        )
        #expect(text == "False 28\n1\n")
    }

    @Test func timersRunWhenJoinedOrAtTheEndOrNotAtAll() async throws {
        let text = try await output(
            """
            import threading
            first, second, third = (threading.Timer(t, print, [n]) for t, n in [(0.05, 1), (0.2, 2), (0.1, 3)])
            for t in (first, second, third): t.start()
            third.cancel()
            print('now', first.is_alive())
            first.join()
            print('joined')
            """
        )
        #expect(text == "now True\n1\njoined\n2\n")
    }

    @Test func misuseOfThreadsHasPythonsErrors() async throws {
        let text = try await output(
            """
            import threading
            t = threading.Thread(target=print)
            def attempt(f):
                try: f()
                except RuntimeError as error: print(error)
            attempt(t.join)
            t.start()
            attempt(t.start)
            attempt(threading.current_thread().join)
            """
        )
        #expect(
            text == """
                cannot join thread before it is started

                threads can only be started once
                cannot join current thread

                """
        )
    }

    @Test func poolsOfThreadsDoWorkWhenItIsHandedIn() async throws {
        let pool = try await SharedPools.shared.pool(
            "pools of threads",
            .forTests { $0.allowedModules += ["concurrent", "multiprocessing"] }
        )
        let text = try await pool.last(
            """
            from concurrent.futures import ThreadPoolExecutor, as_completed
            with ThreadPoolExecutor(4) as pool:
                print(list(pool.map(lambda n: n * n, range(5))))
                print(sorted(f.result() for f in as_completed([pool.submit(pow, 2, n) for n in range(3)])))
                print(repr(pool.submit(lambda: 1 / 0).exception()))
            from multiprocessing.pool import ThreadPool
            ThreadPool(2)
            """
        ).output
        #expect(
            text.hasPrefix("[0, 1, 4, 9, 16]\n[1, 2, 4]\nZeroDivisionError('division by zero')\n")
        )
        #expect(text.contains("RuntimeError: a pool of threads cannot be started here"), "\(text)")
    }

    // MARK: What is not there

    @Test(arguments: ["signal", "subprocess", "multiprocessing", "socket"])
    func missingModuleIsNotListedAndSaysWhy(name: String) async throws {
        #expect(!SandboxSection.usualModules.contains(name))
        let result = try await SharedPools.standard().last("import \(name)")
        #expect(result.status == .refused)
        #expect(result.output.contains("'\(name)' is not available here ("), "\(result.output)")
    }
}
