extension Attack {
    /// Snippets that do not want to end.
    static let time = [
        Attack(name: "a power tower", expect: "timeout|memory_error", code: "9**9**9"),
        Attack(name: "a sum in C", expect: "timeout", code: "sum(range(10**15))"),
        Attack(
            name: "an endless iterator in C",
            expect: "timeout",
            code: "import itertools\nall(itertools.repeat(True))"
        ),
        Attack(
            name: "a queue that is drained in C",
            expect: "timeout",
            code: "import collections, itertools\ncollections.deque(itertools.repeat(0), maxlen=0)"
        ),
        Attack(
            name: "a text as a number",
            expect: "timeout",
            code: "import sys\nsys.set_int_max_str_digits(0)\nint('9' * 10**7)"
        ),
        Attack(
            name: "a regular expression",
            expect: "timeout",
            code: "import re\nre.fullmatch('(x+x+)+y', 'x' * 60)"
        ),
        Attack(
            name: "linear algebra",
            expect: "timeout|memory_error",
            code: "import numpy as np\na = np.random.rand(3000, 3000)\nwhile True: np.linalg.svd(a)"
        ),
        Attack(
            name: "a lock that nobody opens",
            expect: "timeout",
            code: "import threading\nl = threading.Lock()\nl.acquire()\nl.acquire()"
        ),
        Attack(
            name: "sleep in C",
            expect: "timeout",
            code: "import ctypes\nctypes.CDLL(None).sleep(1000)"
        ),
        Attack(
            name: "sleep behind libc's back",
            expect: "timeout",
            code: raw + "t = (ctypes.c_int64 * 2)(10**6, 0)\nraw(230, 1, 0, ctypes.addressof(t), 0)"
        ),
        Attack(
            name: "a futex that nobody wakes",
            expect: "timeout",
            code: raw + "w = ctypes.c_int(0)\nraw(202, ctypes.addressof(w), 128, 0, 0, 0, 0)"
        ),
        Attack(
            name: "every exception swallowed",
            expect: "timeout",
            code: """
                import sys
                def forever():
                    while True:
                        try:
                            while True: pass
                        except BaseException: continue
                        finally: continue
                forever()
                """
        ),
        Attack(
            name: "an object that will not go",
            expect: "timeout",
            code: "class A:\n    def __del__(self):\n        while True: pass\nA()\n1"
        ),
        Attack(
            name: "a text that will not end",
            expect: "timeout",
            code: "class A(Exception):\n    def __str__(self):\n        while True: pass\nraise A"
        ),
        Attack(
            name: "an exit code with a text",
            expect: "timeout",
            code:
                "class A:\n    def __str__(self):\n        while True: pass\nraise SystemExit(A())"
        ),
        Attack(
            name: "a trace function",
            expect: "timeout",
            code: """
                import sys
                def trace(*a):
                    while True: pass
                sys.settrace(trace)
                sys.setprofile(trace)
                (lambda: 1)()
                """
        ),
        Attack(
            name: "hooks of the collector",
            expect: "timeout",
            code: """
                import gc
                def again(*a):
                    while True: pass
                gc.callbacks.append(again)
                gc.collect()
                """
        ),
        Attack(
            name: "an error handler of the codec",
            expect: "timeout",
            code: """
                import codecs, sys
                def forever(e):
                    while True: pass
                codecs.register_error('forever', forever)
                sys.stdout.reconfigure(errors='forever')
                print('\\ud800')
                """
        ),
        Attack(
            name: "hooks for the end",
            expect: "ok",
            code: """
                import atexit, sys, weakref, threading
                def forever(*a):
                    while True: pass
                class A: pass
                kept = A()
                atexit.register(forever)
                weakref.finalize(kept, forever)
                sys.excepthook = sys.unraisablehook = sys.displayhook = threading.excepthook = forever
                """,
            then: ("1+1", "ok:2\n")
        ),
        Attack(
            name: "generators that do not close",
            expect: "timeout",
            code: """
                def g():
                    while True:
                        try: yield
                        except BaseException: pass
                i = g()
                next(i)
                try: del i
                finally:
                    while True: pass
                """
        ),
        Attack(
            name: "a compiler's work",
            expect: "timeout|memory_error|error|killed",
            code:
                "eval('+'.join(['(1,' * 90 + ')' * 90] * 20000))\nwhile True: compile('x=' + '-' * 5000 + '1', 'f', 'exec')"
        ),
    ]

    /// Memory and output.
    static let memory = [
        Attack(name: "one large array", expect: "memory_error", code: "bytearray(1 << 40)"),
        Attack(
            name: "a list that grows",
            expect: "memory_error|timeout",
            code: "a = [0]\nwhile True: a += a"
        ),
        Attack(
            name: "a text that doubles",
            expect: "memory_error|timeout|error",
            code: "s = 'x'\nwhile True: s += s"
        ),
        Attack(
            name: "small objects",
            expect: "memory_error|timeout|killed",
            code: "a = []\nwhile True: a.append({len(a): object()})"
        ),
        Attack(
            name: "an error that is caught",
            expect: "timeout|memory_error|killed",
            code: """
                kept = []
                while True:
                    try: kept.append(bytearray(10 << 20))
                    except MemoryError: pass
                """
        ),
        Attack(
            name: "mapped and shared memory",
            expect: "memory_error|error|timeout",
            code: """
                import mmap
                kept = []
                while True:
                    m = mmap.mmap(-1, 64 << 20)
                    m[:] = bytes(64 << 20)
                    kept.append(m)
                """
        ),
        Attack(
            name: "memory by number",
            expect: "ok|denied|killed",
            code: raw + """
                for length in (1 << 34, 1 << 40, 1 << 46):
                    if raw(9, 0, length, 3, 0x4022, -1, 0) > 0: print('ESCAPED')
                    if raw(25, raw(9, 0, 4096, 3, 0x22, -1, 0), 4096, length, 1) > 0: print('ESCAPED')
                    if raw(12, raw(12, 0) + length) > 1 << 45: print('ESCAPED')
                """
        ),
        Attack(
            name: "locked memory",
            expect: "denied",
            code: raw + "if 0 in (raw(151, 3), raw(149, 0x10000, 4096)): print('ESCAPED')"
        ),
        Attack(
            name: "many mappings",
            expect: "memory_error|timeout|error|killed",
            code: "import mmap\na = []\nwhile True: a.append(mmap.mmap(-1, 4096))"
        ),
        Attack(
            name: "recursion without a limit",
            expect: "killed|error|memory_error|timeout",
            code: "import sys\nsys.setrecursionlimit(10**9)\ndef f(x): return [f([x])]\nf(1)"
        ),
        Attack(
            name: "recursion in C",
            expect: "killed|error|memory_error|timeout|ok",
            code: "import functools\nf = int\nfor _ in range(10**6): f = functools.partial(f)\nf()"
        ),
        Attack(
            name: "a number with a long text",
            expect: "memory_error|timeout|error",
            code: "'%0*d' % (1 << 40, 1)"
        ),
        Attack(
            name: "a flood",
            expect: "output_limit|timeout",
            code: "while True: print('x' * 10000)"
        ),
        Attack(
            name: "a flood of bytes",
            expect: "output_limit|timeout",
            code: "import os\nwhile True: os.write(1, b'\\xff' * 65536)"
        ),
        Attack(
            name: "a flood of single letters",
            expect: "output_limit|timeout",
            code: "import os\nwhile True: os.write(1, b'x')"
        ),
        Attack(
            name: "a flood without a line",
            expect: "output_limit|timeout|memory_error",
            code: "import sys\nwhile True: sys.stdout.write('x' * 100)"
        ),
        Attack(
            name: "a flood of errors' text",
            expect: "error|timeout|memory_error",
            code: "raise ValueError('x' * (300 << 20))"
        ),
        Attack(
            name: "an echo without end",
            expect: "output_limit|memory_error|timeout",
            code: "class A:\n    def __repr__(self): return 'x' * (400 << 20)\nA()"
        ),
        Attack(
            name: "a flood past the count",
            expect: "output_limit|timeout|killed",
            code: """
                import gc, os
                for o in gc.get_objects():
                    if type(o).__name__ == 'Output': o.limit = o.left = 1 << 60
                while True: print('y' * 4000)
                """
        ),
    ]
}
