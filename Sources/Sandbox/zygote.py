"""The interpreter that every session is forked from, and the loop a session runs.

Started by sandbox-launch as `python -I -B /proc/self/fd/4 LOCKS CONFIGURATION`. It imports what
snippets may use, with all the submodules that are otherwise imported when first needed (a session
can open no file), runs a few typical snippets so that caches are filled, gives up what it no longer
needs, and lets the C library fork. `zygote_serve` returns in each new session's process.

Nothing here is a boundary: a snippet can reach and change every object of its own process. The
kernel's filter, the limits and the rank are the boundary.
"""

import builtins
import ctypes
import gc
import importlib
import io
import json
import os
import pkgutil
import sys
import types
import warnings

# A copy for everything below: a snippet may bend the real ones.
__builtins__ = dict(vars(builtins))

library = ctypes.PyDLL(None)

# Of CPython's allocator for small objects: a pool, and where its first block is.
pool_bytes, first_block = 1 << 14, 48

# Of an error's text; the rank takes no more.
error_text_limit = 1 << 16

# What SandboxConfiguration.allowedModules may name but no program should have imported blindly.
never_imported = {"antigravity", "this", "idlelib", "tkinter", "turtle", "turtledemo", "test",
                  "lib2to3", "ensurepip", "venv", "pip", "__main__", "msilib", "winreg", "nt"}

# Parts of a submodule's name that mark it as something no snippet needs.
skipped_parts = {"tests", "test", "testing", "conftest", "__main__", "setup", "benchmarks", "f2py",
                 "distutils", "torch", "cupy", "dask", "jax", "autolev", "antlr", "_antlr", "_build_utils",
                 "_precompute", "_examples", "this", "zen", "runtests", "sphinx_ext", "typing_extensions", "mypy_plugin"}

# Optional parts of the modules above: large, or with threads of their own, which no fork survives.
never_pulled_in = {"torch", "tensorflow", "jax", "jaxlib", "cupy", "dask", "numba", "llvmlite",
                   "matplotlib", "pandas", "pyarrow", "IPython", "pytest", "hypothesis", "sparse",
                   "ndonnx", "PIL", "cv2", "sklearn", "networkx", "pygments", "requests", "regex",
                   "charset_normalizer", "sage", "tqdm", "psutil", "setuptools", "theano", "aesara",
                   "pytensor", "antlr4", "lark", "pexpect", "pooch", "threadpoolctl"}

with_submodules = ("numpy", "scipy", "sympy", "mpmath", "encodings", "importlib", "collections",
                   "json", "zoneinfo", "concurrent", "asyncio", "email", "urllib", "xml", "html")

# Imported by library code only when it is first needed.
imported_late = ("_strptime", "_pydecimal", "_pydatetime", "idna", "stringprep", "unicodedata",
                 "_uuid", "zlib", "lzma", "bz2", "tokenize", "inspect", "ast", "dis", "traceback",
                 "linecache", "difflib", "pprint", "reprlib", "quopri", "uu", "shutil", "tempfile",
                 "multiprocessing", "multiprocessing.pool", "multiprocessing.util", "opcode",
                 "concurrent.futures.thread", "concurrent.futures.process", "subprocess",
                 "platform", "sysconfig", "queue", "selectors", "locale", "gettext", "calendar")

warm_up = (
    "import sympy as s\nx, y = s.symbols('x y')\ns.solve(x**2 - 5*x + 6, x)",
    "s.solve([x + y - 3, x - y - 1], [x, y]); str(s.factor(x**6 - 1)); s.latex(s.sqrt(x) / 2)",
    "s.integrate(x * s.exp(x), x); s.diff(s.sin(x**2), x); s.limit(s.sin(x) / x, x, 0)",
    "s.simplify(s.sin(x)**2 + s.cos(x)**2); s.series(s.cos(x), x, 0, 6); s.N(s.pi, 30)",
    "s.Matrix([[2, 1], [1, 3]]).eigenvals(); s.factorint(360); s.isprime(97); s.nsimplify('0.5')",
    "s.solveset(s.sin(x) - 1, x, s.Interval(0, 7)); s.summation(x, (x, 1, 10))",
    "s.lambdify(x, x**2 + 1, 'numpy')(3.0); s.Rational(1, 3) + s.Integer(2); s.sympify('x + 1')",
    "import numpy as n\na = n.arange(9.0).reshape(3, 3) + n.eye(3)\nn.linalg.solve(a, n.ones(3))",
    "n.linalg.eig(a); n.linalg.svd(a); str(a); n.fft.fft(a); n.random.default_rng(1).random(3)",
    "n.polyfit([0, 1, 2], [1, 3, 7], 2); a @ a; n.random.rand(2); n.roots([1, -3, 2])",
    "import scipy.optimize as o, scipy.integrate as g, scipy.linalg as l, scipy.special as p",
    "o.minimize(lambda v: (v[0] - 1)**2, [0.0]); o.brentq(lambda v: v**3 - 2, 0, 2)",
    "g.quad(lambda v: v * v, 0, 1); l.expm(a); p.gamma(5.5); g.solve_ivp(lambda t, v: -v, [0, 1], [1.0])",
    "import mpmath\nmpmath.quad(mpmath.sin, [0, 1]); mpmath.zeta(3)",
    "from fractions import Fraction\nfrom decimal import Decimal\nstr(Fraction(1, 3)); Decimal(2).sqrt()",
    "from datetime import datetime\ndatetime.strptime('2024-01-02', '%Y-%m-%d').strftime('%A')",
    "from dataclasses import dataclass\n@dataclass\nclass W:\n    v: int\nrepr(W(1))",
    "try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass",
)


rehearsal = ("1+1", "print('x')", "undefined_name",
             "from sympy import *\nx = symbols('x')\nsolve(x**2 - 5*x + 6, x)")


class Status:
    ok, exception, memory, output_limit, refused = 0, 1, 3, 4, 5


class OutputLimitReached(BaseException):
    """More was printed than a result may ever hold; not an Exception, so that few handlers see it."""


class RefusedImport(ImportError):
    """An import of a module that is not on the list, as the snippet sees it."""


class Output(io.RawIOBase):
    """Descriptor 1, with a bound on what one snippet may write to it."""

    def __init__(self, limit, write=os.write):
        self.limit, self.left, self.put = limit, limit, write

    def writable(self):
        return True

    def isatty(self):
        return False

    def close(self):
        pass  # One descriptor for all wrappers around it, one after the other.

    def write(self, data):
        if len(data) > self.left:
            raise OutputLimitReached
        count = self.put(1, data)
        self.left -= count
        return count


class PersistentText(io.TextIOWrapper):
    """sys.stdout: closing it, as some programs do, leaves it open for the next snippet."""

    def close(self):
        self.flush()


class Discard(io.TextIOBase):
    """sys.stderr: warnings and the like are no part of a result."""

    encoding = "utf-8"

    def write(self, text):
        return len(text)


def new_stdout(output):
    return PersistentText(io.BufferedWriter(output, 1 << 13), encoding="utf-8",
                          errors="backslashreplace", newline="\n", line_buffering=True)


class OptionalModulesLeftOut:
    """Makes what is in never_pulled_in look absent while the zygote imports."""

    def __init__(self, allowed):
        self.left_out = never_pulled_in - set(allowed)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.left_out:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def import_quietly(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        return error
    return None


def import_or_give_up(name):
    """A module that the configuration names must be there, unless it is one of Python's own that
    this build or version lacks."""
    error = import_quietly(name)
    if error is not None and name not in sys.stdlib_module_names:
        sys.exit(f"{sys.executable} cannot import {name} ({error}): install it there, set "
                 f"sandbox.python to another interpreter, or take {name} out of sandbox.modules")
    return error is None


def import_with_submodules(name):
    if not import_or_give_up(name):
        return
    pending = [sys.modules[name]]
    while pending:
        package = pending.pop()
        for found in pkgutil.iter_modules(getattr(package, "__path__", ())):
            full = f"{package.__name__}.{found.name}"
            if found.name in skipped_parts or found.name.startswith("test_") or "_test" in found.name:
                continue
            if import_quietly(full) is None and found.ispkg:
                pending.append(sys.modules[full])


def import_everything(allowed):
    names = list(allowed)
    if "*" in allowed:
        names = sorted(set(names) | (set(sys.stdlib_module_names) - never_imported))
    for name in names:
        if name != "*" and not name.startswith("__"):
            if name in with_submodules:
                import_with_submodules(name)
            else:
                import_or_give_up(name)
    for name in ("encodings", *imported_late):
        import_with_submodules(name) if name == "encodings" else import_quietly(name)


def readable_paths():
    """What importing needs to read: the interpreter, its modules, the system's libraries."""
    paths = ["/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
             "/usr/share/zoneinfo", "/etc/localtime", "/proc", "/sys/devices/system/cpu",
             "/sys/devices/system/node", "/dev/null", "/dev/urandom", "/usr/share/locale"]
    paths += os.environ.get("LD_LIBRARY_PATH", "").split(":")
    for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}:
        paths += [prefix, os.path.realpath(prefix)]
    paths += sys.path
    paths += [os.path.realpath(path) for path in sys.path]
    return [path.encode() for path in dict.fromkeys(paths) if path]


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
        self.stdout, self.stdin, self.stderr = new_stdout(output), io.StringIO(), Discard()
        self.current, self.count = None, 0

    def checked_import(self, plain_import):
        allowed, described = self.allowed, ", ".join(sorted(self.allowed))
        allows_all, generators = "*" in allowed, self.generators

        def __import__(name, globals=None, locals=None, fromlist=(), level=0):
            if generators.unseeded:
                generators.seed()
            # A list comes from C code of a library that imports on the snippet's behalf.
            if not (allows_all or level != 0 or type(fromlist) is list
                    or name.partition(".")[0] in allowed):
                raise RefusedImport(f"module {name!r} is not available here. Available: {described}")
            return plain_import(name, globals, locals, fromlist, level)
        return __import__

    def prepare(self):
        """Puts right what an earlier snippet may have bent."""
        sys.modules["__main__"] = self.main
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
            finally:
                # Before any function is called: a snippet's own hook would run in it.
                set_trace(None)
                set_profile(None)
                self.stdout.flush()
        except SystemExit as request:
            if request.code is None or request.code == 0:
                return Status.ok, ""
            return Status.exception, f"SystemExit: {request.code}"
        except OutputLimitReached:
            self.stdout = new_stdout(self.output)
            return Status.output_limit, "the snippet printed too much and was stopped"
        except MemoryError as error:
            return Status.memory, self.describe(error)
        except RefusedImport as error:
            return Status.refused, self.describe(error)
        except BaseException as error:
            return Status.exception, self.describe(error)
        return Status.ok, ""

    def execute(self, source, name):
        tree = parse(source, name, "exec", PyCF_ONLY_AST)
        echoed = None
        if tree.body and isinstance(tree.body[-1], Expr):
            echoed = Expression(tree.body.pop().value)
        if tree.body:
            exec_code(parse(tree, name, "exec"), self.names)
        if echoed is not None:
            value = eval_code(parse(echoed, name, "eval"), self.names)
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


# Held apart from the modules they come from, which a snippet may change.
import _ast
Expr, Expression, PyCF_ONLY_AST = _ast.Expr, _ast.Expression, _ast.PyCF_ONLY_AST
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
    sys.argv[:] = [""]
    warnings.simplefilter("ignore")
    warnings.showwarning = lambda *arguments, **names: None

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
