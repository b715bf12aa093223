extension Attack {
    /// The result channel: whatever is written anywhere is data, and answers only its own snippet.
    static let protocols = [
        Attack(
            name: "frames through os.write",
            expect: "denied",
            code: """
                import os, struct
                frame = struct.pack('<IIQII', 0x444d5331, 6, 0, 0, 6) + b'forged'
                for fd in [0] + list(range(2, 100)):
                    try: print('ESCAPED', os.write(fd, frame))
                    except OSError: pass
                """,
            then: ("'mine'", "ok:'mine'\n")
        ),
        Attack(
            name: "frames on standard output",
            expect: "ok",
            code: """
                import os, struct
                os.write(1, struct.pack('<IIQII', 0x444d5331, 6, 0, 0, 6) + b'forged')
                """,
            then: ("'mine'", "ok:'mine'\n")
        ),
        Attack(
            name: "noise through sendto",
            expect: "killed",
            code: raw + """
                import random
                random.seed(3)
                for _ in range(50):
                    noise = random.randbytes(random.randrange(1, 200))
                    raw(44, 3, noise, len(noise), 0, 0, 0)
                """,
            then: ("'mine'", "ok:'mine'\n")
        ),
        Attack(
            name: "a frame with a guessed nonce",
            expect: "killed",
            code: raw + """
                import struct
                for nonce in (0, 1, 2**64 - 1):
                    frame = struct.pack('<IIQII', 0x444d5331, 6, nonce, 0, 6) + b'forged'
                    raw(44, 3, frame, len(frame), 0, 0, 0)
                """,
            then: ("'mine'", "ok:'mine'\n")
        ),
        Attack(
            name: "frames with lengths that lie",
            expect: "killed",
            code: raw + """
                import struct
                for length in (1 << 16, (1 << 16) + 1, 1 << 31, (1 << 32) - 1):
                    frame = struct.pack('<IIQII', 0x444d5331, 6, 7, 0, length)
                    raw(44, 3, frame, len(frame), 0, 0, 0)
                """,
            then: ("'mine'", "ok:'mine'\n")
        ),
        // What follows knows the library's own functions, and may answer its own snippet with them:
        // that is its own result, and no other snippet's.
        Attack(
            name: "two answers to one question",
            expect: "ok|killed|protocol|error",
            code: """
                import ctypes
                l = ctypes.PyDLL(None)
                for _ in range(5): l.session_reply(0, b'forged', 6)
                """,
            then: ("'mine'", "ok:'mine'\n|killed|timeout")
        ),
        Attack(
            name: "an answer before the work, which goes on",
            expect: "ok|killed|protocol|error",
            code: """
                import ctypes
                ctypes.PyDLL(None).session_reply(0, b'', 0)
                while True: pass
                """,
            then: ("'mine'", "ok:'mine'\n|killed|timeout")
        ),
        Attack(
            name: "an answer before the output",
            expect: "ok|killed|protocol|error",
            code: """
                import ctypes, os
                ctypes.PyDLL(None).session_reply(0, b'', 0)
                for _ in range(100): os.write(1, b'late')
                """,
            then: ("'mine'", "ok:'mine'\n|killed|timeout")
        ),
        Attack(
            name: "taking the next snippet",
            expect: "timeout",
            code: raw + """
                buffer = ctypes.create_string_buffer(4096)
                count = raw(45, 3, buffer, 4096, 0, 0, 0)
                print('ESCAPED', buffer.raw[:count])
                """,
            then: ("'mine'", "ok:'mine'\n")
        ),
        Attack(
            name: "an answer longer than any buffer",
            expect: "ok|killed|protocol|error",
            code:
                "import ctypes\nctypes.PyDLL(None).session_reply(0, b'x', ctypes.c_uint64(1 << 40))",
            then: ("'mine'", "ok:'mine'\n|killed|timeout")
        ),
        Attack(
            name: "the zygote's own functions",
            expect: "denied|killed|timeout",
            code: """
                import ctypes
                l = ctypes.PyDLL(None)
                print('locks', l.zygote_lock_down(0))
                room = ctypes.create_string_buffer(64)
                l.session_lock(room)
                l.zygote_serve(0, 0, room)
                """,
            then: ("'mine'", "ok:'mine'\n")
        ),
        Attack(
            name: "the frames of the interpreter's loop",
            expect: "ok|denied|error",
            code: """
                import sys, gc
                f = sys._getframe()
                while f:
                    for name, value in list(f.f_locals.items()):
                        if callable(value) and name in ('reply', 'receive'): print(name)
                    f = f.f_back
                for o in gc.get_objects():
                    if type(o).__name__ == 'Session':
                        type(o).run = lambda self, source: (0, 'bent')
                        o.names['x'] = 1
                """,
            then: ("1+1", "ok")
        ),
        Attack(
            name: "builtins bent",
            expect: "ok|error|denied",
            code: """
                import builtins
                for name in ('repr', 'compile', 'exec', 'eval', 'print', 'isinstance', 'type', 'str', 'len'):
                    setattr(builtins, name, None)
                """,
            then: ("40 + 2", "ok:42\n|error")
        ),
        Attack(
            name: "modules bent",
            expect: "ok|error|denied",
            code: """
                import sys, os, io, ctypes, codecs
                os.write = os.read = lambda *a: 1 / 0
                ctypes.string_at = lambda *a: b'print(1)'
                codecs.lookup = io.TextIOWrapper = None
                sys.modules.clear()
                """,
            then: ("40 + 2", "ok:42\n|error|killed")
        ),
        Attack(
            name: "an end that looks like success",
            expect: "killed",
            code: "import os\nos.write(1, b'2\\n')\nos._exit(0)",
            then: ("1+1", "ok:2\n")
        ),
        Attack(
            name: "an end by crash",
            expect: "killed",
            code: "import ctypes\nctypes.string_at(0)",
            then: ("1+1", "ok:2\n")
        ),
        Attack(
            name: "exceptions that are no text",
            expect: "error",
            code: """
                class M(type):
                    __qualname__ = 'M'
                    def __repr__(cls): raise KeyboardInterrupt
                E = M('E' * 100000, (BaseException,), {'__str__': lambda self: '\\ud800\\x1b[2J\\0'})
                raise E
                """,
            then: ("1+1", "ok:2\n")
        ),
        Attack(
            name: "objects that act when they are read",
            expect: "denied|error",
            code: """
                import pickle, os
                class E:
                    def __reduce__(self): return os.system, ('touch @FIX@/wr/unpickled',)
                data = pickle.dumps(E())
                os.write(1, data)
                if pickle.loads(data) == 0: print('ESCAPED')
                """
        ),
        Attack(
            name: "standard output closed and replaced",
            expect: "ok|error|denied",
            code: """
                import os, sys
                for fd in range(0, 64):
                    try: os.close(fd)
                    except OSError: pass
                os.closerange(0, 64)
                sys.stdout.detach()
                """,
            then: ("print('x')", "ok:x\n|error|killed")
        ),
        Attack(
            name: "what Python knows about its surroundings",
            expect: "denied|ok",
            code: """
                import os, sys
                for text in (os.environ, sys.argv, sys.path, sys.orig_argv, os.environb):
                    print(text)
                    if 'SBX' in str(text) or '@FIX@' in str(text): print('ESCAPED')
                """
        ),
        Attack(
            name: "audit hooks and tracing",
            expect: "ok|error|timeout",
            code: """
                import sys, tracemalloc, faulthandler
                sys.addaudithook(lambda *a: 1 / 0)
                """,
            then: ("1+1", "ok|error|killed")
        ),
    ]
}
