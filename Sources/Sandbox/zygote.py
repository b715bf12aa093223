"""The interpreter that every session is forked from, and the loop a session runs.

Started by sandbox-launch as `python -I -B /proc/self/fd/4 LOCKS CONFIGURATION`, behind importing.py,
streams.py and one_thread.py, with which it is one program. It imports what snippets may use, runs a few
typical snippets so that caches are filled, gives up what it no longer needs, and lets the C library
fork. `zygote_serve` returns in each new session's process.

Nothing here is a boundary: a snippet can reach and change every object of its own process. The
kernel's filter, the limits and the rank are the boundary.
"""

import __future__
import _ast
import builtins
import ctypes
import gc
import io
import json
import os
import sys
import types
import warnings

library = ctypes.PyDLL(None)

# Of CPython's allocator for small objects: a pool, and where its first block is.
pool_bytes, first_block = 1 << 14, 48

# Of an error's text; the rank takes no more.
error_text_limit = 1 << 16

rehearsal = ("1+1", "print('x')", "undefined_name",
             "from sympy import *\nx = symbols('x')\nsolve(x**2 - 5*x + 6, x)")


# Why some modules that programs often name are not to be had; the others are merely not listed.
unavailable = {
    "signal": "signals and alarms do not reach a snippet, which its own time limit ends",
    "multiprocessing": "no process can be started",
    "subprocess": "no process can be started",
    "concurrent": "there is one thread",
    "asyncio": "there is one thread",
    "socket": "there is no network",
}


class Status:
    ok, exception, memory, output_limit, refused = 0, 1, 3, 4, 5


class RefusedImport(ImportError):
    """An import of a module that is not on the list, as the snippet sees it."""


def restrict_reading():
    paths = readable_paths()
    array = (ctypes.c_char_p * len(paths))(*paths)
    return library.zygote_restrict_reading(array, len(paths))


class Generators:
    """The generators that were seeded in the zygote, and the session's randomness for them."""

    def __init__(self):
        import random
        numpy, sympy_random = sys.modules.get("numpy"), sys.modules.get("sympy.core.random")
        self.unseeded = [(random.seed, 16)]
        if numpy is not None:
            self.unseeded.append((numpy.random.seed, 4))
        if sympy_random is not None:
            self.unseeded.append((sympy_random.rng.seed, 16))

    def seed(self):
        for seed, size in self.unseeded:
            seed(int_from_bytes(urandom(size), "little"))
        self.unseeded = ()


class Session:
    """The namespace of one session's snippets and how one snippet is run in it."""

    def __init__(self, allowed, output):
        self.allowed, self.output = frozenset(allowed), output
        # Seeded by the first import, without which a snippet reaches a generator by tricks only; it
        # then draws what every such snippet draws.
        self.generators = Generators()
        self.main = types.ModuleType("__main__")
        self.names = self.main.__dict__
        # A copy: library code keeps the fast import of its own.
        own_builtins = types.ModuleType("builtins")
        own_builtins.__dict__.update(builtins.__dict__)
        own_builtins.__import__ = self.checked_import(builtins.__import__)
        self.names["__builtins__"] = own_builtins
        self.stdin = io.StringIO()
        self.stdout, self.stderr = new_streams(output)
        self.threads = OneThread()
        self.current, self.count = None, 0
        # What `from __future__ import ...` has switched on, which holds for later snippets, too.
        self.compiler_flags = 0

    def checked_import(self, plain_import):
        allowed, described = self.allowed, ", ".join(sorted(self.allowed))
        allows_all, generators = "*" in allowed, self.generators

        def __import__(name, globals=None, locals=None, fromlist=(), level=0):
            if generators.unseeded:
                generators.seed()
            # A list comes from C code of a library that imports on the snippet's behalf.
            if not (allows_all or level != 0 or type(fromlist) is list
                    or name.partition(".")[0] in allowed or name == "__future__"):
                reason = unavailable.get(name.partition(".")[0])
                raise RefusedImport(f"module {name!r} is not available here"
                                    f"{f' ({reason})' if reason else ''}. Available: {described}")
            return plain_import(name, globals, locals, fromlist, level)
        return __import__

    def prepare(self):
        """Puts right what an earlier snippet may have bent."""
        sys.modules["__main__"] = self.main
        if is_detached(self.stdout) or is_detached(self.stderr):
            self.stdout, self.stderr = new_streams(self.output)
        sys.stdout, sys.stdin, sys.stderr = self.stdout, self.stdin, self.stderr
        sys.__stdout__, sys.__stdin__, sys.__stderr__ = sys.stdout, sys.stdin, sys.stderr
        self.output.left = self.output.limit

    def run(self, source):
        """Runs one snippet; returns its status and what went wrong, as text."""
        self.prepare()
        self.count += 1
        self.current = name = f"<snippet {self.count}>"
        try:
            try:
                self.execute(source, name)
                self.threads.finish_timers()
            finally:
                # Before any function is called: a snippet's own hook would run in it.
                set_trace(None)
                set_profile(None)
                self.threads.forget()
                if not is_detached(self.stdout):
                    self.stdout.flush()
        except SystemExit as request:
            if request.code is None or request.code == 0:
                return Status.ok, ""
            return Status.exception, f"SystemExit: {request.code}"
        except OutputLimitReached:
            self.stdout, self.stderr = new_streams(self.output)
            return Status.output_limit, "the snippet printed too much and was stopped"
        except MemoryError as error:
            return Status.memory, self.describe(error)
        except RefusedImport as error:
            return Status.refused, self.describe(error)
        except BaseException as error:
            return Status.exception, self.describe(error)
        return Status.ok, ""

    def execute(self, source, name):
        tree = parse(source, name, "exec", PyCF_ONLY_AST | self.compiler_flags)
        flags = self.compiler_flags | future_flags(tree.body)
        echoed = None
        if tree.body and isinstance(tree.body[-1], Expr):
            echoed = Expression(tree.body.pop().value)
        if tree.body:
            code = parse(tree, name, "exec", flags)
            self.compiler_flags = flags
            exec_code(code, self.names)
        if echoed is not None:
            value = eval_code(parse(echoed, name, "eval", flags), self.names)
            if value is not None:
                self.names["_"] = value
                self.stdout.write(repr_of(value))
                self.stdout.write("\n")

    def describe(self, error):
        """`In line 3:` and, on a line of its own, `ZeroDivisionError: division by zero`.

        The line's text is left out: the model has it, and a result is what a program printed.
        """
        kind = type(error)
        name = "ImportError" if kind is RefusedImport else kind.__qualname__
        if kind.__module__ not in ("builtins", "__main__"):
            name = f"{kind.__module__}.{name}"
        if isinstance(error, SyntaxError) and is_snippet(error.filename):
            message, where, line = error.msg, error.filename, error.lineno
        else:
            message, (where, line) = str(error)[:error_text_limit], self.innermost_line(error)
        text = f"{name}: {message}" if message else name
        if line is not None:
            place = "" if where == self.current else " of an earlier snippet"
            text = f"In line {line}{place}:\n{text}"
        return text

    def innermost_line(self, error):
        """The last place in a snippet that the error went through."""
        found, step = (None, None), error.__traceback__
        while step is not None:
            if is_snippet(step.tb_frame.f_code.co_filename):
                found = (step.tb_frame.f_code.co_filename, step.tb_lineno)
            step = step.tb_next
        return found


def is_snippet(filename):
    return isinstance(filename, str) and filename.startswith("<snippet ")


def future_flags(statements):
    """What the `from __future__ import` statements at a snippet's beginning switch on."""
    flags = 0
    for statement in statements:
        if isinstance(statement, ImportFrom) and statement.module == "__future__":
            for name in statement.names:
                # What is not known is an error of the compiler, which comes next.
                flags |= future_features.get(name.name, 0)
        elif not isinstance(statement, Expr):  # A description may come before.
            break
    return flags


# Held apart from the modules they come from, which a snippet may change.
Expr, Expression, PyCF_ONLY_AST = _ast.Expr, _ast.Expression, _ast.PyCF_ONLY_AST
ImportFrom = _ast.ImportFrom
future_features = {name: getattr(__future__, name).compiler_flag
                   for name in __future__.all_feature_names}
parse, exec_code, eval_code, repr_of = compile, exec, eval, repr
set_trace, set_profile = sys.settrace, sys.setprofile
int_from_bytes, urandom = int.from_bytes, os.urandom


def rehearse(allowed, output):
    """Goes through what every session does first, so that the interpreter's caches, which a session
    would have to write to, know it already. Standard output is /dev/null here."""
    main_module, streams = sys.modules["__main__"], (sys.stdout, sys.stdin, sys.stderr)
    for _ in range(10):
        session = Session(allowed, output)
        for code in rehearsal:
            session.run(code)
    sys.modules["__main__"] = main_module
    sys.stdout, sys.stdin, sys.stderr = streams


def lift_digit_limit():
    """Long numbers are what some snippets compute, and the time limit bounds what printing one takes.
    Until a program sets a limit, it is told plain Python's."""
    if not hasattr(sys, "set_int_max_str_digits"):
        return
    plain_set, told = sys.set_int_max_str_digits, [sys.get_int_max_str_digits()]

    def set_int_max_str_digits(maxdigits):
        plain_set(maxdigits)
        told[0] = maxdigits

    sys.set_int_max_str_digits = set_int_max_str_digits
    sys.get_int_max_str_digits = lambda: told[0]
    plain_set(0)


def fill_pools():
    """Leaves the allocator a fresh pool for each size. Else a session's objects would go into the
    gaps that importing left, and each gap is on another page that the session gets a copy of."""
    allocate = ctypes.pythonapi.PyObject_Malloc
    allocate.restype, allocate.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    for size in range(16, 513, 16):
        # What is asked for in vain fills at most a few pools of the smallest size.
        for _ in range(1 << 12):
            if (allocate(size) or first_block) % pool_bytes == first_block:
                break
        else:
            return  # Another allocator, of a debug or a free-threaded build: it has no such pools.


def serve_snippets(session, receive, reply, text_at):
    """Never returns: the process ends when the rank closes the session."""
    address = ctypes.c_void_p()
    pointer = ctypes.byref(address)
    while True:
        length = receive(pointer)
        try:
            status, text = session.run(text_at(address.value, length).decode("utf-8", "replace"))
            bytes_of_text = text.encode("utf-8", "backslashreplace")
        except BaseException as error:
            # Raised while an exception was being described: by its own __str__, for instance.
            status, bytes_of_text = Status.exception, type(error).__name__.encode("ascii", "replace")
        reply(status, bytes_of_text, len(bytes_of_text))


def main():
    launcher_locks, configuration = int(sys.argv[1]), json.loads(sys.argv[2])
    allowed = configuration["modules"]
    landlock_abi = restrict_reading() if configuration["landlock"] else 0
    # The number of BLAS threads, the zone and the locale stay: modules look at them when loaded.
    os.environ.pop("LD_PRELOAD", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    os.environ.pop("LD_BIND_NOW", None)
    sys.argv[:] = sys.orig_argv[:] = [""]
    # Warnings of libraries during import and warm-up are dropped; the filter is removed below.
    warnings.simplefilter("ignore")
    silence = warnings.filters[0]
    lift_digit_limit()

    left_out = OptionalModulesLeftOut(allowed)
    sys.meta_path.insert(0, left_out)
    import_everything(allowed)
    sys.meta_path.remove(left_out)
    output = Output(configuration["flood"])
    scratch = {"__name__": "__main__"}
    for code in warm_up:
        try:
            exec(code, scratch)
        except (ImportError, NameError):
            pass  # The configuration does without that module, or without one of an earlier line.
    scratch.clear()
    rehearse(allowed, output)
    session = Session(allowed, output)
    session.threads.install()
    heard = [entry for entry in warnings.filters if entry != silence]
    warnings.resetwarnings()
    warnings.filters[:] = heard
    sys.path[:] = []
    sys.path_importer_cache.clear()
    main_module = sys.modules["__main__"]
    sys.modules["__zygote__"] = main_module

    class Request(ctypes.Structure):
        _fields_ = [("identifier", ctypes.c_uint64), ("seed", ctypes.c_uint64),
                    ("memory_bytes", ctypes.c_uint64), ("cpu_seconds", ctypes.c_uint64)]

    request = Request()
    request_pointer = ctypes.byref(request)
    # Looked up before the fork: a look-up goes through the symbols of all libraries.
    receive, reply = library.session_receive, library.session_reply
    lock, end = library.session_lock, library.session_end
    receive.restype = ctypes.c_int64
    receive.argtypes = [ctypes.c_void_p]
    reply.restype = None
    reply.argtypes = [ctypes.c_uint32, ctypes.c_char_p, ctypes.c_uint64]
    lock.argtypes = [ctypes.c_void_p]
    library.zygote_serve.argtypes = [ctypes.c_uint32] * 2 + [ctypes.c_void_p]

    if len(os.listdir("/proc/self/task")) != 1:
        sys.exit("sandbox zygote: a module has started threads, which do not survive a fork; leave "
                 "it out of sandbox.modules. Imported: " + " ".join(sorted(
                     {name.partition(".")[0] for name in sys.modules})))
    gc.collect()
    fill_pools()
    gc.freeze()
    if configuration["compact"]:
        library.zygote_compact()
    locks = library.zygote_lock_down(int(configuration["landlock"]))
    if locks < 0:
        sys.exit("sandbox zygote: root's privileges could not be dropped; run as an ordinary user")
    # Here, because the streams that this replaces are taken apart.
    session.prepare()
    fill_pools()
    library.zygote_serve(launcher_locks | locks, landlock_abi, request_pointer)
    # Only a session's process comes here. Python is not told of the fork (PyOS_AfterFork_Child): with
    # one thread and no lock held there is nothing to put right, and its hooks would write to hundreds
    # of pages that the session then has to have copies of.
    if lock(request_pointer) != 0:
        end(120)
    try:
        serve_snippets(session, receive, reply, ctypes.string_at)
    finally:
        end(121)


main()
